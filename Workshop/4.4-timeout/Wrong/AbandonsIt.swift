// expect: but the canceled operation is still running
import Kit

func withTimeout<Value: Sendable>(
  _ limit: Duration, clock: VirtualClock,
  _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let (stream, outcome) = AsyncThrowingStream<Value, any Error>.makeStream()
  let work = Task {
    do {
      outcome.yield(try await operation())
      outcome.finish()
    } catch {
      outcome.finish(throwing: error)
    }
  }
  let alarm = Task {
    try await clock.sleep(for: limit)
    outcome.finish(throwing: TimedOut())
    work.cancel()
  }
  defer {
    alarm.cancel()
    work.cancel()
  }
  return try await withTaskCancellationHandler {
    for try await value in stream { return value }
    throw CancellationError()
  } onCancel: {
    work.cancel()
  }
}
