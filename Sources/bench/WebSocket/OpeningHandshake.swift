import Common
import WireProtocols

/// The client's side of the opening handshake (RFC 6455 section 4.1).
struct OpeningHandshake: Sendable {
  /// Everything except the key, which follows, and the two line breaks after it.
  let request: [UInt8]
  /// `-H 'Sec-WebSocket-Key: …'`: the same for all connections.
  private let givenKey: [UInt8]?
  /// The subprotocols that the request offers: the server may choose one of them (section 11.3.4).
  private let offered: [String]

  init(_ options: BenchOptions) {
    let name = "Sec-WebSocket-Key"
    givenKey = options.fields.values(of: name).last.map { Array($0.utf8) }
    offered = options.fields.values(of: "Sec-WebSocket-Protocol").flatMap {
      $0.split(separator: ",").map { String($0).trimmed }
    }
    let own = [
      "Host: \(options.target.authority)", "User-Agent: bench", "Upgrade: websocket",
      "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    ]
    let lines = ["GET \(options.target.path) HTTP/1.1"] + options.fields.merged(with: own)
    let others = lines.filter { !$0.lowercased().hasPrefix(name.lowercased() + ":") }
    request = Array((others.joined(separator: "\r\n") + "\r\n\(name): ").utf8)
  }

  /// 16 random bytes in Base64, new for each connection.
  func makeKey() -> [UInt8] {
    givenKey ?? Base64.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
  }

  /// Checks the head of the answer, down to its empty line.
  /// - Returns: what is wrong; `nil` if the connection is a WebSocket now.
  func complaint(about head: [UInt8], key: [UInt8]) -> String? {
    let bytes = head.span
    guard let parsed = ResponseHead(parsing: bytes, toHEAD: false) else { return "not HTTP" }
    guard parsed.status == 101 else { return "status \(parsed.status), not 101" }
    let fields = HeadFields(bytes)
    if fields.value(of: "upgrade")?.lowercased() != "websocket" { return "no Upgrade: websocket" }
    let options = fields.value(of: "connection")?.lowercased().split { ", \t".contains($0) } ?? []
    if !options.contains("upgrade") { return "no Connection: Upgrade" }
    let accept = String(decoding: Handshake.accept(key: key.span), as: UTF8.self)
    if fields.value(of: "sec-websocket-accept") != accept { return "wrong Sec-WebSocket-Accept" }
    if fields.value(of: "sec-websocket-extensions") != nil {
      return "unasked sec-websocket-extensions"
    }
    if let chosen = fields.value(of: "sec-websocket-protocol"), !offered.contains(chosen) {
      return "unasked sec-websocket-protocol: \(chosen)"
    }
    return nil
  }
}
