import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct ChatCommandTests {
  @Test(
    "A text on /ws is the command it spells, or an echo",
    arguments: [
      ("whoami", .whoami), ("broadcast", .broadcast),
      ("send 1 a", .send(to: 1, 7..<8)), ("send 1 a b  c", .send(to: 1, 7..<13)),
      ("send 42 \u{E9}", .send(to: 42, 8..<10)), ("send 0 x", .send(to: 0, 7..<8)),
      ("send 1 ", .send(to: 1, 7..<7)), ("send 1  a", .send(to: 1, 7..<9)),
      ("send 007 a", .send(to: 7, 9..<10)),
      ("send 9223372036854775807 a", .send(to: .max, 25..<26)),
      ("send 9223372036854775808 a", .echo), ("send 1", .echo), ("send", .echo), ("send ", .echo),
      ("send  1 a", .echo), ("send x a", .echo), ("send -1 a", .echo), ("send +1 a", .echo),
      ("send 1\ta", .echo), ("Send 1 a", .echo), ("send1 a", .echo), ("", .echo),
      ("whoami ", .echo), (" whoami", .echo), ("WHOAMI", .echo), ("broadcast x", .echo),
    ] as [(String, ChatCommand)])
  func command(_ text: String, _ expected: ChatCommand) {
    #expect(ChatCommand(bytes(text).span) == expected)
  }
}

@Suite struct RoutesTests {
  private static func route(_ requestLine: String, delay: Duration = .zero) -> RouteOutcome? {
    var options = ServerOptions()
    options.delay = delay
    var parser = RequestParser()
    let input = bytes(line(requestLine))
    guard case .request = parser.parse(input.span) else { return nil }
    return HelloService(name: "test", options: options).route(parser.request, input.span)
  }

  @Test(
    "The delay of / is the one in its query",
    arguments: [
      ("delay=250ms", .pause(.milliseconds(250))), ("delay=1s", .pause(.seconds(1))),
      ("delay=20us", .pause(.microseconds(20))), ("delay=1m", .pause(.seconds(60))),
      ("delay=61s", .pause(.seconds(60))), ("delay=9999999999s", .pause(.seconds(60))),
      ("delay=0ms", .respond(.hello)), ("delay=0s", .respond(.hello)),
      ("a=b&delay=1s", .pause(.seconds(1))), ("delay=1s&delay=2s", .pause(.seconds(1))),
      ("&&delay=1s&", .pause(.seconds(1))), ("delay=1s&x", .pause(.seconds(1))),
      ("delay=", .respond(.badRequest)), ("delay=1", .respond(.badRequest)),
      ("delay=ms", .respond(.badRequest)), ("delay=-1s", .respond(.badRequest)),
      ("delay=1.5s", .respond(.badRequest)), ("delay=1h", .respond(.badRequest)),
      ("delay=1S", .respond(.badRequest)), ("delay=%31s", .pause(.seconds(1))),
      ("d%65lay=%31%6D%73", .pause(.milliseconds(1))), ("delay%3D1s", .respond(.hello)),
      ("delay=1s%26", .respond(.badRequest)), ("delay=%3", .respond(.badRequest)),
      ("delay=1s%20", .respond(.badRequest)), ("delay==1s", .respond(.badRequest)),
      ("delay=99999999999999999999s", .respond(.badRequest)),
      ("delay", .respond(.hello)), ("", .respond(.hello)), ("delays=1s", .respond(.hello)),
      ("xdelay=1s", .respond(.hello)), ("Delay=1s", .respond(.hello)), ("&", .respond(.hello)),
    ] as [(String, RouteOutcome)])
  func delay(_ query: String, _ expected: RouteOutcome) {
    #expect(Self.route("GET /?\(query) HTTP/1.1") == expected)
    #expect(Self.route("HEAD /?\(query) HTTP/1.1") == expected)
  }

  @Test("Without a delay in the query the server's default applies, and a query can set it to 0")
  func serverDelay() {
    let delay = Duration.seconds(3)
    #expect(Self.route("GET / HTTP/1.1", delay: delay) == .pause(delay))
    #expect(Self.route("GET /?x=1s HTTP/1.1", delay: delay) == .pause(delay))
    #expect(Self.route("GET /?delay=0s HTTP/1.1", delay: delay) == .respond(.hello))
    #expect(Self.route("GET /?delay=1s HTTP/1.1", delay: delay) == .pause(.seconds(1)))
    #expect(Self.route("GET /stats HTTP/1.1", delay: delay) == .stats(""))
  }

  @Test(
    "A burn is given in milliseconds, and lasts ten seconds at most",
    arguments: [
      ("?ms=50", .burn(.milliseconds(50))), ("?ms=0", .burn(.zero)),
      ("?ms=10000", .burn(.seconds(10))), ("?ms=10001", .burn(.seconds(10))),
      ("?ms=9223372036854775807", .burn(.seconds(10))), ("?a=b&ms=1", .burn(.milliseconds(1))),
      ("?ms=9223372036854775808", .respond(.badRequest)), ("", .respond(.badRequest)),
      ("?ms", .respond(.badRequest)), ("?ms=", .respond(.badRequest)),
      ("?ms=-1", .respond(.badRequest)), ("?ms=50ms", .respond(.badRequest)),
      ("?ms=5.0", .respond(.badRequest)), ("?MS=5", .respond(.badRequest)),
    ] as [(String, RouteOutcome)])
  func burn(_ query: String, _ expected: RouteOutcome) {
    #expect(Self.route("GET /burn\(query) HTTP/1.1") == expected)
  }

  @Test(
    "Paths match exactly, and a known path has its methods",
    arguments: [
      ("GET /chat", .respond(.chat)), ("GET /chat?x", .respond(.chat)), ("GET /stats", .stats("")),
      ("HEAD /stats", .stats("")), ("GET /ws", .respond(.upgradeRequired)),
      ("GET /echo", .respond(.upgradeRequired)), ("HEAD /echo", .respond(.upgradeRequired)),
      ("GET http://h/chat", .respond(.chat)), ("GET //", .respond(.notFound)),
      ("GET /chat/", .respond(.notFound)), ("GET /%63hat", .respond(.chat)),
      ("GET /%63h%61%74?x", .respond(.chat)),
      ("POST /%63hat", .respond(.methodNotAllowed)), ("GET /chat%2F", .respond(.notFound)),
      ("GET /%2563hat", .respond(.notFound)), ("GET /%zz", .respond(.notFound)),
      ("GET /chat%", .respond(.notFound)), ("GET %2Fchat", nil),
      ("POST /nowhere", .respond(.notFound)), ("POST /", .respond(.methodNotAllowed)),
      ("PUT /chat", .respond(.methodNotAllowed)), ("OPTIONS /", .respond(.methodNotAllowed)),
      ("OPTIONS *", .respond(.methodNotAllowed)), ("CONNECT h:1", .respond(.methodNotAllowed)),
      ("POST /ws", .respond(.methodNotAllowed)), ("POST /burn?ms=1", .respond(.methodNotAllowed)),
    ] as [(String, RouteOutcome?)])
  func routes(_ requestLine: String, _ expected: RouteOutcome?) {
    #expect(Self.route("\(requestLine) HTTP/1.1") == expected)
  }

  /// RFC 9110 section 4.2.3: the empty path of an absolute URI is the same as `/`.
  @Test("An absolute URI without a path means /", arguments: ["", "?delay=0s"])
  func emptyPath(_ query: String) {
    #expect(Self.route("GET http://h\(query) HTTP/1.1") == .respond(.hello))
  }

  /// RFC 9112 section 3.2.2.
  @Test("The host of an absolute target overrides the Host field")
  func originOfAbsoluteTarget() {
    for (origin, reply) in [("http://a", "101 Upgrade \(accept)"), ("http://h", "403 close")] {
      let peer = Peer()
      peer.send(upgrade("http://a/echo", "Origin: \(origin)"))
      let replies = peer.replies()
      #expect(replies.count == 1 && replies[0].hasPrefix(reply), "\(replies)")
    }
  }

  @Test("Every response names its server")
  func server() {
    for request in [
      get(), line("GET /no HTTP/1.1"), line("POST / HTTP/1.1"), "bad\r\n", upgrade("/echo"),
      line("GET /stats HTTP/1.1"), line("GET /ws HTTP/1.1"),
    ] {
      let peer = Peer()
      peer.send(request)
      #expect(text(peer.output).contains("GMT\r\nServer: test\r\n"))
    }
  }

  @Test("Pages carry the header fields that their status requires")
  func fields() {
    let peer = Peer()
    peer.send(line("POST / HTTP/1.1") + line("GET /ws HTTP/1.1") + line("GET /chat HTTP/1.1"))
    let heads = text(peer.output)
    #expect(heads.contains("405 Method Not Allowed\r\n"))
    #expect(heads.contains("\r\nAllow: GET, HEAD\r\n"))
    #expect(heads.contains("\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"))
    #expect(heads.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
  }

  @Test("A 101 names the new protocol and has no header fields of a body")
  func switchingProtocols() {
    let peer = Peer()
    peer.send(upgrade("/echo"))
    #expect(
      text(peer.output) == """
        HTTP/1.1 101 Switching Protocols\r
        Date: Thu, 01 Jan 1970 00:00:00 GMT\r
        Server: test\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: \(accept)\r
        \r

        """)
  }

  @Test("Only defined close codes may close a WebSocket")
  func closeCodes() {
    let sendable = (UInt16.min...65_535).filter(CloseCode.mayBeSent)
    #expect(sendable == Array(1000...1003) + Array(1007...1014) + Array(3000...4999))
  }
}
