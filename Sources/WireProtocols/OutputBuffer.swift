import Glibc

/// Room for what a thread says: bytes are put behind each other, written, and forgotten.
///
/// An array would do, but asks at every step whether somebody shares it, and counts who does. This cannot be copied, so
/// nobody does.
public struct OutputBuffer: ~Copyable, @unchecked Sendable {
  // Unchecked: this value alone owns the memory.
  private var storage = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 16)
  public private(set) var count = 0
  /// The time, for the `Date` field of the answers.
  public var date = HTTPDate(secondsSince1970: 0)

  public init() {}

  deinit { storage.deallocate() }

  public var isEmpty: Bool { count == 0 }

  /// A copy of what is in it.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  @inline(__always)
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: storage.baseAddress, count: count))
  }

  @inline(__always)
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    let place = makeRoom(bytes.count)
    // In bounds: there is room for as many behind `place`. memcpy(3): they are somebody else's, so they do not overlap.
    if let source = bytes.baseAddress { memcpy(place, source, bytes.count) }
  }

  @inline(__always)
  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  @inline(__always)
  public mutating func append(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { append($0) } }

  public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Takes the last `count` bytes back.
  public mutating func removeLast(_ count: Int) {
    precondition(count <= self.count)
    self.count -= count
  }

  /// Writes the date over what is in it.
  @inline(__always)
  public mutating func putDate(at offset: Int) {
    precondition(offset + HTTPDate.length <= count)
    storage.storeBytes(of: date.bytes, toByteOffset: offset, as: HTTPDate.Bytes.self)
  }

  public mutating func removeAll() { count = 0 }

  /// - Returns: where the next `count` bytes belong.
  @inline(__always)
  private mutating func makeRoom(_ count: Int) -> UnsafeMutableRawPointer {
    if storage.count - self.count < count { grow(count) }
    defer { self.count += count }
    return storage.baseAddress! + self.count
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(2 * storage.count, count + more), alignment: 16)
    withUnsafeBytes { larger.copyMemory(from: $0) }
    storage.deallocate()
    storage = larger
  }
}
