/// All clients of a load, by index: allocated once.
struct ClientTable<Client: ~Copyable>: ~Copyable {
  let count: Int
  private let storage: UnsafeMutablePointer<Client>

  /// - Parameter make: makes the client with this index.
  init(count: Int, _ make: (Int) -> Client) {
    self.count = count
    storage = .allocate(capacity: count)
    for index in 0..<count { (storage + index).initialize(to: make(index)) }
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  /// - Parameter index: below `count`.
  @inline(__always)
  subscript(_ index: Int) -> UnsafeMutablePointer<Client> {
    assert(index >= 0 && index < count)
    return storage + index
  }
}
