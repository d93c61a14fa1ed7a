// expect: Not every cancellation comes from the alarm
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    defer { group.cancelAll() }
    group.addTask { try await operation() }
    group.addTask {
      try? await clock.sleep(for: limit)
      throw TimedOut()
    }
    do {
      return try await group.next()!
    } catch is CancellationError {
      throw TimedOut()
    }
  }
}
