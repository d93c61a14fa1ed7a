/// A clock that stands still until the check advances it.
public final class VirtualClock: Clock, @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  public struct Instant: InstantProtocol {
    fileprivate var time: Swift.Duration

    public func advanced(by duration: Swift.Duration) -> Instant { Instant(time: time + duration) }
    public func duration(to other: Instant) -> Swift.Duration { other.time - time }
    public static func < (one: Instant, other: Instant) -> Bool { one.time < other.time }
  }

  private struct Sleeper {
    let number: Int
    let deadline: Instant
    let continuation: UnsafeContinuation<Bool, Never>
  }

  public private(set) var now = Instant(time: .zero)
  public let minimumResolution = Swift.Duration.zero
  private let stage: Stage
  private var sleepers: [Sleeper] = []
  private var lastNumber = 0

  public init(_ stage: Stage) { self.stage = stage }

  /// How many tasks sleep.
  public var sleeping: Int { sleepers.count }

  /// Throws `CancellationError` where the task is cancelled, before or meanwhile, as all clocks do.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration? = nil) async throws {
    lastNumber += 1
    let number = lastNumber
    stage.note("sleeps for \(now.duration(to: deadline))")
    let isOver = await withTaskCancellationHandler {
      if Task.isCancelled { return false }
      return await withUnsafeContinuation {
        sleepers.append(Sleeper(number: number, deadline: deadline, continuation: $0))
      }
    } onCancel: {
      wake { $0.number == number }?.resume(returning: false)
    }
    if !isOver { throw CancellationError() }
  }

  /// Time goes on. Who has slept long enough wakes up, one after the other, and everybody runs as far as possible.
  public func advance(by duration: Swift.Duration) {
    let end = now.advanced(by: duration)
    stage.settle()
    while let first = sleepers.map(\.deadline).min(), first <= end {
      now = max(now, first)
      wake { $0.deadline == first }?.resume(returning: true)
      stage.settle()
    }
    now = end
    stage.note("it is \(end.time) now")
  }

  private func wake(_ isMeant: (Sleeper) -> Bool) -> UnsafeContinuation<Bool, Never>? {
    sleepers.firstIndex(where: isMeant).map { sleepers.remove(at: $0).continuation }
  }
}
