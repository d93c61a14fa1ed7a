// expect: The caller needs to know that the time ran out
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let work = Task { try await operation() }
  let alarm = Task {
    try await clock.sleep(for: limit)
    work.cancel()
  }
  defer { alarm.cancel() }
  return try await work.value
}
