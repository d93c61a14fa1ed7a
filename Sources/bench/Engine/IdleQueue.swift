/// Clients that have nothing to do until something is due, in the order in which they became idle:
/// a ring, allocated once.
struct IdleQueue: ~Copyable {
  private let ring: UnsafeMutableBufferPointer<Int32>
  private var head = 0
  private(set) var count = 0

  /// - Parameter capacity: the greatest number at the same time, at least 1.
  init(capacity: Int) {
    ring = .allocate(capacity: capacity)
    ring.initialize(repeating: 0)
  }

  deinit { ring.deallocate() }

  /// - Precondition: there is room.
  mutating func append(_ client: Int) {
    precondition(count < ring.count)
    ring[(head + count) % ring.count] = Int32(client)
    count += 1
  }

  mutating func popFirst() -> Int? {
    guard count > 0 else { return nil }
    defer {
      head = (head + 1) % ring.count
      count -= 1
    }
    return Int(ring[head])
  }
}
