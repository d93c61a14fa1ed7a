// expect: waits for the alarm
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await clock.sleep(for: limit)
      throw TimedOut()
    }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}
