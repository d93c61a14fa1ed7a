// expect: is not a child, so it is not told
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
  do {
    return try await work.value
  } catch is CancellationError {
    throw TimedOut()
  }
}
