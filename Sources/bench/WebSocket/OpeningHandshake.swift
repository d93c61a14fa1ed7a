import Common
import WireProtocols

/// The client's side of the opening handshake (RFC 6455 section 4.1).
enum OpeningHandshake {
  /// 16 random bytes in Base64, fresh for each connection.
  static func makeKey() -> [UInt8] {
    Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
  }

  /// Everything but the key, which follows, and the two line ends behind it.
  static func request(_ options: BenchOptions) -> [UInt8] {
    let start = "GET \(options.target.path) HTTP/1.1"
    let fields = ["Host: \(options.target.authority)", "User-Agent: bench"]
    let given = options.headers.map(fieldName)
    let own = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    let lines =
      [start] + fields.filter { !given.contains(fieldName($0)) } + options.headers + own
    return Array((lines.joined(separator: "\r\n") + "\r\nSec-WebSocket-Key: ").utf8)
  }

  /// Checks the head of the answer, down to its empty line; `nil` if all is well, otherwise what is wrong.
  static func complaint(about head: [UInt8], key: [UInt8]) -> String? {
    let bytes = head.span
    guard let parsed = ResponseHead(parsing: bytes, toHEAD: false) else { return "not HTTP" }
    guard parsed.status == 101 else { return "status \(parsed.status), not 101" }
    let fields = Fields(bytes)
    if fields.value(of: "upgrade")?.lowercased() != "websocket" { return "no Upgrade: websocket" }
    let options = fields.value(of: "connection")?.lowercased().split { ", \t".contains($0) } ?? []
    if !options.contains("upgrade") { return "no Connection: Upgrade" }
    let accept = String(decoding: Handshake.accept(key: key.span), as: UTF8.self)
    if fields.value(of: "sec-websocket-accept") != accept { return "wrong Sec-WebSocket-Accept" }
    // We asked for neither.
    for name in ["sec-websocket-extensions", "sec-websocket-protocol"]
    where fields.value(of: name) != nil {
      return "unasked \(name)"
    }
    return nil
  }

  /// The field lines of a head, by name in lower case.
  private struct Fields {
    private var values: [String: String] = [:]

    init(_ bytes: Span<UInt8>) {
      var lines = LineCursor()
      while let line = lines.next(in: bytes), !line.isEmpty {
        guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }) else { continue }
        let name = String(decoding: (line.lowerBound..<colon).map { bytes[$0] }, as: UTF8.self)
        let value = bytes.trimming(colon + 1..<line.upperBound).map { bytes[$0] }
        values[name.lowercased()] = String(decoding: value, as: UTF8.self)
      }
    }

    func value(of name: String) -> String? { values[name] }
  }
}
