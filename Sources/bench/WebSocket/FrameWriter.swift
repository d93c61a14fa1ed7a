import Common
import WireProtocols

/// Writes a client's frames, final and masked, one after the other (RFC 6455 sections 5.2 and 5.3),
/// for one `send`.
struct FrameWriter: ~Copyable {
  /// Two bytes, up to eight of extended length, four of masking key.
  private static let maxHeader = 14
  private let storage: UnsafeMutableRawBufferPointer
  private(set) var count = 0
  /// Keys need not be secret here, but each frame needs a new one (xorshift).
  private var random = UInt64.random(in: 1...UInt64.max)

  /// - Parameter longestPayload: the greatest payload of a frame.
  init(longestPayload: Int) {
    // Rounded up: masking works on words of eight bytes.
    storage = .allocate(
      byteCount: max(64 * 1024, longestPayload + Self.maxHeader + 8), alignment: 64)
  }

  deinit { storage.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<count]) }

  /// Whether there is room for another frame with a payload of this length.
  func hasRoom(for payload: Int) -> Bool {
    count + payload + Self.maxHeader + 8 <= storage.count
  }

  mutating func removeAll() { count = 0 }

  /// - Precondition: ``hasRoom(for:)``.
  mutating func append(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer) {
    precondition(hasRoom(for: payload.count))
    storage[count] = 0x80 | opcode.rawValue
    count += 1
    appendLength(payload.count)
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    let key = UInt32(truncatingIfNeeded: random >> 16)
    storage.storeBytes(of: key, toByteOffset: count, as: UInt32.self)
    count += 4
    appendMasked(payload, UInt64(key) << 32 | UInt64(key))
  }

  private mutating func appendLength(_ length: Int) {
    switch length {
    case ..<126:
      storage[count] = 0x80 | UInt8(length)
      count += 1
    case ...0xFFFF:
      storage[count] = 0x80 | 126
      storage.storeBytes(
        of: UInt16(length).bigEndian, toByteOffset: count + 1, as: UInt16.self)
      count += 3
    default:
      storage[count] = 0x80 | 127
      storage.storeBytes(
        of: UInt64(length).bigEndian, toByteOffset: count + 1, as: UInt64.self)
      count += 9
    }
  }

  /// Masks eight bytes at a time; after the end of the payload there is room for the rest of a
  /// word.
  private mutating func appendMasked(_ payload: UnsafeRawBufferPointer, _ key: UInt64) {
    var index = 0
    while index + 8 <= payload.count {
      let word = payload.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ key
      storage.storeBytes(of: word, toByteOffset: count + index, as: UInt64.self)
      index += 8
    }
    while index < payload.count {
      storage[count + index] =
        payload[index] ^ UInt8(truncatingIfNeeded: key >> UInt64(index % 8 * 8))
      index += 1
    }
    count += payload.count
  }
}
