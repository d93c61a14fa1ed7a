import Kit

/// Runs the operation for at most so long, and throws `TimedOut` when the time is over.
func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    defer { group.cancelAll() }  // The group waits for the other one, so that one must end.
    group.addTask { try await operation() }
    group.addTask {
      try await clock.sleep(for: limit)
      throw TimedOut()
    }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}
