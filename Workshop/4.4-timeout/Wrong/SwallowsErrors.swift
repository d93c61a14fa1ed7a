// expect: Every error now looks like a timeout
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    defer { group.cancelAll() }
    group.addTask { try? await operation() }
    group.addTask {
      try await clock.sleep(for: limit)
      return nil
    }
    guard let value = try await group.next() ?? nil else { throw TimedOut() }
    return value
  }
}
