import TestSupport

@testable import Common
@testable import WireProtocols

/// What a client reads, a line for each answer: `200 Hello`, `404`, `400 close`, `101 s3pP…`; after
/// a 101 a line for each frame: `text Echo: hi`, `pong`, `close 1000`.
struct Replies {
  private var rest: ArraySlice<UInt8>
  private var isWebSocket = false

  static func lines(_ output: [UInt8]) -> [String] {
    var replies = Replies(rest: output[...])
    replies.isWebSocket = !text(output.prefix(5)).hasPrefix("HTTP/")
    var lines: [String] = []
    while !replies.rest.isEmpty {
      lines.append(replies.isWebSocket ? replies.frame() : replies.response())
    }
    return lines
  }

  private mutating func response() -> String {
    guard let headEnd = rest.firstRange(of: bytes("\r\n\r\n"))?.upperBound else {
      return take(rest.count, as: "garbage")
    }
    let lines = text(rest[..<headEnd]).split(separator: "\r\n")
    rest = rest[headEnd...]
    let status = lines[0].dropFirst("HTTP/1.1 ".count)
    let field = { (name: String) in lines.first { $0.hasPrefix(name) }?.dropFirst(name.count) }
    if status.hasPrefix("101") { isWebSocket = true }
    var words: [Substring?] = [
      status.prefix(3), field("Connection: "), field("Sec-WebSocket-Accept: "),
    ]
    // The answer to HEAD has a length and no body: the next answer, or nothing, follows at once.
    let length = field("Content-Length: ").flatMap { Int($0) } ?? 0
    if length > 0, !rest.isEmpty, !text(rest.prefix(5)).hasPrefix("HTTP/") {
      let body = take(length)
      if body != "\(status)\n" { words.append(length > 40 ? "\(length) bytes" : Substring(body)) }
    }
    return words.compactMap { $0 }.joined(separator: " ")
  }

  private mutating func frame() -> String {
    let start = Array(rest.prefix(10))
    guard start.count >= 2, let opcode = Opcode(rawValue: start[0] ^ 0x80) else {
      return take(rest.count, as: "garbage")
    }
    let width = start[1] == 127 ? 8 : start[1] == 126 ? 2 : 0
    let extended = start.dropFirst(2).prefix(width).reduce(0) { $0 << 8 | Int($1) }
    _ = take(2 + width)
    let payload = Array(rest.prefix(width == 0 ? Int(start[1]) : extended))
    let words = take(payload.count)
    if opcode == .close, payload.count == 2 {
      return "close \(Int(payload[0]) << 8 | Int(payload[1]))"
    }
    return payload.isEmpty ? "\(opcode)" : "\(opcode) \(words)"
  }

  private mutating func take(_ count: Int, as name: String? = nil) -> String {
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return name.map { "\($0) \(text(taken))" } ?? text(taken)
  }
}
