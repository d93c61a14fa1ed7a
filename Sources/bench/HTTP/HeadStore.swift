/// The memory in which the parsers of all clients collect heads: allocated once, and used page by
/// page.
struct HeadStore: ~Copyable {
  /// The longest head that is accepted, in bytes.
  static let headCapacity = 16 * 1024
  private let heads: UnsafeMutableBufferPointer<UInt8>

  init(count: Int) { heads = .allocate(capacity: count * Self.headCapacity) }

  deinit { heads.deallocate() }

  subscript(_ index: Int) -> UnsafeMutableBufferPointer<UInt8> {
    heads.extracting(index * Self.headCapacity..<(index + 1) * Self.headCapacity)
  }
}
