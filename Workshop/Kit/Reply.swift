/// A server's reply.
public struct Reply: Sendable {
  public let status: Int
  public let head: String
  public let body: String

  /// Removes a reply from the front of `input` if it is complete: a head, and as many bytes as
  /// `Content-Length` says. Returns `nil` if it is not.
  init?(from input: inout [UInt8]) {
    guard let end = input.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
    head = String(decoding: input[..<end], as: UTF8.self)
    let field = head.split(separator: "\r\n").first {
      $0.lowercased().hasPrefix("content-length:")
    }
    let length = field?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    guard input.count >= end + length else { return nil }
    status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    body = String(decoding: input[end..<end + length], as: UTF8.self)
    input.removeFirst(end + length)
  }

  /// Returns a number from the answer to `/stats`.
  public func number(_ key: String) -> Int? {
    let start = Array("\"\(key)\":".utf8)
    let bytes = Array(body.utf8)
    guard let position = bytes.firstRange(of: start)?.upperBound else { return nil }
    let digits = bytes[position...].drop { $0 == UInt8(ascii: " ") }
      .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
