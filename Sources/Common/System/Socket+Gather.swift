import CLinux
import Glibc

extension Socket {
  /// The most parts that ``send(parts:skipping:_:)`` takes.
  public static let maxParts = 64

  /// Hands several arrays to the kernel in one call, without joining them first (sendmsg(2));
  /// returns what `send` does.
  /// - Parameters:
  ///   - parts: the number of arrays, 1 to ``maxParts``.
  ///   - skipped: bytes at the beginning of the first one that are not sent.
  /// - Throws: ``SystemError``, `EPIPE` or `ECONNRESET` if the peer hung up.
  public func send(
    parts: Int, skipping skipped: Int, _ part: (Int) -> [UInt8]
  ) throws(SystemError) -> Int? {
    precondition(1...Self.maxParts ~= parts)
    var vectors = [64 of iovec](repeating: iovec())
    return try gather(0, parts, skipped, part, &vectors)
  }

  /// Collects the arrays' addresses recursively, one level for each array: an address is valid only
  /// inside its closure.
  private func gather(
    _ index: Int, _ parts: Int, _ skipped: Int, _ part: (Int) -> [UInt8],
    _ vectors: inout [64 of iovec]
  ) throws(SystemError) -> Int? {
    if index == parts {
      let number = descriptor.number
      return try withUnsafeMutablePointer(to: &vectors) { pointer throws(SystemError) in
        var message = msghdr()
        message.msg_iov = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: iovec.self)
        message.msg_iovlen = parts
        return try attempt("sendmsg", .write, number) {
          sendmsg(number, &message, Int32(MSG_NOSIGNAL))
        }
      }
    }
    let bytes = part(index)
    return try bytes.span.withUnsafeBytes { raw throws(SystemError) in
      let rest = UnsafeRawBufferPointer(rebasing: raw[(index == 0 ? skipped : 0)...])
      vectors[index] = iovec(
        iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
      return try gather(index + 1, parts, skipped, part, &vectors)
    }
  }
}
