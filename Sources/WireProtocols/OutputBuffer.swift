/// A thread's buffer for what it sends: bytes are appended, sent, and discarded.
///
/// An array would do, but it checks at every step whether it is shared, and counts references. This
/// value cannot be copied, so it is never shared.
public struct OutputBuffer: ~Copyable, @unchecked Sendable {
  /// A buffer that grew beyond this for one message shrinks again when it is emptied. Batches of
  /// answers stay below, so the usual load never allocates.
  public static let keptCapacity = 256 * 1024
  private static let firstCapacity = 32 * 1024

  // Unchecked: this value alone owns the memory.
  private var storage = UnsafeMutableRawBufferPointer.allocate(
    byteCount: firstCapacity, alignment: 16)
  /// How many bytes are in it.
  public private(set) var count = 0
  /// The time, for the `Date` field of the responses.
  public var date = HTTPDate(secondsSince1970: 0)

  /// Creates an empty buffer.
  public init() {}

  deinit { storage.deallocate() }

  /// Whether there is nothing to send.
  public var isEmpty: Bool { count == 0 }
  /// How many bytes fit before it has to grow.
  public var capacity: Int { storage.count }

  /// A copy of the bytes in it.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Calls `body` with the bytes in it; they are valid until it returns.
  /// - Throws: what `body` throws.
  @inline(__always)
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: storage.baseAddress, count: count))
  }

  /// Appends a copy of these bytes.
  @inline(__always)
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let place = makeRoom(bytes.count)
    // In bounds: makeRoom has reserved this many bytes from `place` on.
    if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
  }

  /// Appends a copy of these bytes.
  @inline(__always)
  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Appends a copy of these bytes.
  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { append($0) } }

  /// Appends two bytes: most frames have a header of this size, and a copy would be a call.
  @inline(__always)
  mutating func append(_ first: UInt8, _ second: UInt8) {
    let place = makeRoom(2)
    place.storeBytes(of: first, as: UInt8.self)
    place.storeBytes(of: second, toByteOffset: 1, as: UInt8.self)
  }

  /// Appends the bytes of this text.
  public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Removes the last `count` bytes.
  public mutating func removeLast(_ count: Int) {
    precondition(count <= self.count)
    self.count -= count
  }

  /// Writes the date over the 29 bytes at `offset`.
  @inline(__always)
  mutating func putDate(at offset: Int) {
    precondition(offset + HTTPDate.length <= count)
    storage.storeBytes(of: date.bytes, toByteOffset: offset, as: HTTPDate.Bytes.self)
  }

  /// Empties the buffer.
  public mutating func removeAll() {
    count = 0
    if storage.count > Self.keptCapacity { reallocate(Self.firstCapacity) }
  }

  /// Reserves the next `count` bytes, and returns their address.
  @inline(__always)
  private mutating func makeRoom(_ count: Int) -> UnsafeMutableRawPointer {
    if storage.count - self.count < count { reallocate(max(2 * storage.count, self.count + count)) }
    defer { self.count += count }
    return storage.baseAddress! + self.count
  }

  @inline(never)
  private mutating func reallocate(_ capacity: Int) {
    let new = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    withUnsafeBytes { new.copyMemory(from: $0) }
    storage.deallocate()
    storage = new
  }
}
