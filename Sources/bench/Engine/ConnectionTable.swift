/// All connections, by index, with the memory their parsers collect heads in: allocated once.
struct ConnectionTable: ~Copyable {
  /// The longest head that is accepted, in bytes.
  static let headCapacity = 16 * 1024

  let count: Int
  private let storage: UnsafeMutablePointer<Connection>
  private let heads: UnsafeMutableBufferPointer<UInt8>

  init(count: Int, toHEAD: Bool) {
    self.count = count
    heads = .allocate(capacity: count * Self.headCapacity)
    storage = .allocate(capacity: count)
    for index in 0..<count {
      let start = index * Self.headCapacity
      let head = heads.extracting(start..<start + Self.headCapacity)
      (storage + index).initialize(
        to: Connection(parser: ResponseParser(headStore: head, toHEAD: toHEAD)))
    }
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
    heads.deallocate()
  }

  /// - Parameter index: below `count`.
  @inline(__always)
  subscript(_ index: Int) -> UnsafeMutablePointer<Connection> {
    assert(index >= 0 && index < count)
    return storage + index
  }
}
