import Common
import Glibc

/// The payload of an echo load: a message's number, when it was sent, when it was due, and then the
/// same padding in all messages.
///
/// The times travel with the message, so nothing has to be kept for messages in flight.
struct EchoPayload: ~Copyable {
  /// Three numbers of eight bytes.
  static let smallest = 24
  private let storage: UnsafeMutableRawBufferPointer

  /// - Parameter size: at least ``smallest``.
  init(size: Int) {
    storage = .allocate(byteCount: size, alignment: 8)
    for index in 0..<size { storage[index] = UInt8(truncatingIfNeeded: index) }
  }

  deinit { storage.deallocate() }

  /// - Parameter number: the client in the highest 24 bits, its message in the others.
  @inline(__always)
  func with(number: UInt64, sent: UInt64, due: UInt64) -> UnsafeRawBufferPointer {
    storage.storeBytes(of: number, as: UInt64.self)
    storage.storeBytes(of: sent, toByteOffset: 8, as: UInt64.self)
    storage.storeBytes(of: due, toByteOffset: 16, as: UInt64.self)
    return UnsafeRawBufferPointer(storage)
  }

  /// Compares a part of the current message with what was sent, except for the bytes that differ
  /// from message to message.
  @inline(__always)
  func check(_ piece: UnsafeRawBufferPointer, of client: inout WebSocketClient) {
    let skipped = max(0, Self.smallest - client.position)
    guard piece.count > skipped, let start = piece.baseAddress,
      let sent = storage.baseAddress
    else { return }
    let isTooLong = client.position + piece.count > storage.count
    if isTooLong
      || memcmp(start + skipped, sent + client.position + skipped, piece.count - skipped) != 0
    {
      client.differs = true
    }
  }
}
