/// A clock that only moves when the check advances it.
public final class VirtualClock: Clock, @unchecked Sendable {
  // Unchecked: a thread accesses it only during its turn.
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
  /// Sleeps that were canceled before they started.
  private var canceled: Set<Int> = []

  public init(_ stage: Stage) { self.stage = stage }

  /// The number of tasks that are asleep.
  public var sleeping: Int { sleepers.count }

  /// - Throws: `CancellationError` if the task is canceled before or during the sleep, as with
  ///   every clock.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration? = nil) async throws {
    lastNumber += 1
    let number = lastNumber
    stage.note("sleeps for \(now.duration(to: deadline))")
    let isOver = await withTaskCancellationHandler {
      await withUnsafeContinuation {
        if canceled.remove(number) != nil { return $0.resume(returning: false) }
        sleepers.append(Sleeper(number: number, deadline: deadline, continuation: $0))
      }
    } onCancel: {
      // The task may not have reached its sleep yet.
      guard let sleeper = wake({ $0.number == number }) else {
        canceled.insert(number)
        return
      }
      sleeper.resume(returning: false)
    }
    if !isOver { throw CancellationError() }
  }

  /// Moves the clock forward. Tasks whose deadline has passed wake up one after another, and all
  /// tasks run as far as they can.
  public func advance(by duration: Swift.Duration) {
    let end = now.advanced(by: duration)
    stage.settle()
    while let first = sleepers.map(\.deadline).min(), first <= end {
      now = max(now, first)
      wake { $0.deadline == first }?.resume(returning: true)
      stage.settle()
    }
    now = end
    stage.note("the time is now \(end.time)")
  }

  private func wake(_ isMeant: (Sleeper) -> Bool) -> UnsafeContinuation<Bool, Never>? {
    sleepers.firstIndex(where: isMeant).map { sleepers.remove(at: $0).continuation }
  }
}
