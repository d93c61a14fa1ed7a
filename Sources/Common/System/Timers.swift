// snippet: timers
/// A binary heap of deadlines, the earliest first. Its top determines the timeout of the next
/// `epoll_wait`.
///
/// No entry is taken out of the middle; ``Deadline`` explains why that is not needed.
public struct Timers: Sendable {
  private var heap: [(deadline: Instant, token: Token)] = []

  /// Creates an empty heap.
  public init() { heap.reserveCapacity(Descriptor.limit) }

  /// The earliest deadline; `distantFuture` if there is none.
  public var earliest: Instant { heap.first?.deadline ?? .distantFuture }
  /// The number of entries, including those of deadlines that were moved.
  public var count: Int { heap.count }

  /// Adds an entry: ``removeDue(at:)`` returns it when its time has come.
  public mutating func insert(_ deadline: Instant, _ token: Token) {
    var child = heap.count
    heap.append((deadline, token))
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent].deadline <= heap[child].deadline { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  /// Removes and returns the earliest entry, if its time has come.
  public mutating func removeDue(at now: Instant) -> (deadline: Instant, token: Token)? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1...2 * parent + 2
      where child < heap.count && heap[child].deadline < heap[least].deadline {
        least = child
      }
      if least == parent { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
// snippet: end
