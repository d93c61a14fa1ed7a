// expect: returned, but something that it started is still running
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let (results, first) = AsyncThrowingStream<Value, any Error>.makeStream()
  Task {
    do {
      first.yield(try await operation())
    } catch {
      first.finish(throwing: error)
    }
  }
  Task {
    try await clock.sleep(for: limit)
    first.finish(throwing: TimedOut())
  }
  for try await result in results { return result }
  throw CancellationError()
}
