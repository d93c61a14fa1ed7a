import TestSupport
import Testing

@testable import WireProtocols

/// A request, what it says, and what follows it.
struct GoodRequest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let head: String
  var expected = RequestSummary()
  var rest = ""

  init(
    _ name: String, _ head: String, rest: String = "",
    _ change: (inout RequestSummary) -> Void = { _ in }
  ) {
    (testDescription, self.head, self.rest) = (name, head, rest)
    change(&expected)
  }
}

@Suite struct GoodRequestTests {
  @Test("A well-formed request is read the same way, however it is cut", arguments: shapes + fields)
  func saysTheSame(_ good: GoodRequest) {
    let input = bytes(good.head + good.rest)
    let expected = ParsedRequest.request(good.expected, end: good.head.utf8.count)
    for cut in everyCut(of: input.count) {
      #expect(ParsedRequest(input, cut: cut) == expected, "cut at \(cut)")
    }
  }

  @Test("An unfinished request needs more, whatever its last byte is", arguments: shapes)
  func needsMore(_ good: GoodRequest) {
    let input = bytes(good.head).dropLast()
    for count in 0...input.count {
      #expect(ParsedRequest(Array(input.prefix(count)), cut: []) == .needMore)
    }
  }

  @Test(
    "Empty lines do not start a request; any other byte does",
    arguments: [
      ("", false), ("\r\n", false), ("\r\n\r\n", false), ("G", true), ("\r\nG", true),
      ("\r", false), ("\r\n\r", false), ("\rG", true),
      ("GET / HTTP/1.1\r\n", true), ("GET / HTTP/1.1\r\nHost: h\r\n", true),
    ])
  func hasStarted(_ input: String, _ expected: Bool) {
    var parser = RequestParser()
    #expect(parser.parse(bytes(input).span) == .needMore)
    #expect(parser.hasStarted == expected)
  }

  static let shapes: [GoodRequest] = [
    .init("shortest", get()),
    .init("empty lines before it", "\r\n\r\n" + get()),
    .init("another one after it", get(), rest: get()),
    .init("HEAD", line("HEAD / HTTP/1.1")) { $0.method = .head },
    .init("OPTIONS *", line("OPTIONS * HTTP/1.1")) { ($0.method, $0.path) = (.options, "") },
    .init("OPTIONS of a path", line("OPTIONS /a HTTP/1.1")) {
      ($0.method, $0.path) = (.options, "/a")
    },
    .init("CONNECT", line("CONNECT h:1 HTTP/1.1")) { ($0.method, $0.path) = (.connect, "") },
    .init("lower-case method", line("get / HTTP/1.1")) { $0.method = .other },
    .init("method of all token characters", line("!#$%&'*+-.^_`|~09azAZ / HTTP/1.1")) {
      $0.method = .other
    },
    .init("path and query", line("GET /a/b?c=d&e?f HTTP/1.1")) {
      ($0.path, $0.query) = ("/a/b", "c=d&e?f")
    },
    .init("empty query", line("GET /a? HTTP/1.1")) { $0.path = "/a" },
    .init("percent and tilde", line("GET /%20~;x=%zz HTTP/1.1")) { $0.path = "/%20~;x=%zz" },
    .init("absolute form", line("GET http://h:80/a?b HTTP/1.1")) {
      ($0.path, $0.query) = ("/a", "b")
    },
    .init("absolute form, scheme in capitals", line("GET HTTP://h/ HTTP/1.1")),
    .init("absolute form, IPv6", line("GET http://[::1]:80/a HTTP/1.1")) { $0.path = "/a" },
    .init("absolute form without a path", line("GET http://h HTTP/1.1")) { $0.path = "" },
    .init("absolute form with a query only", line("GET http://h?b HTTP/1.1")) {
      ($0.path, $0.query) = ("", "b")
    },
    .init("HTTP/1.0 without Host", head("GET / HTTP/1.0", [])) {
      ($0.isHTTP10, $0.keepsAlive) = (true, false)
    },
    .init("HTTP/1.2 is read as 1.1", line("GET / HTTP/1.2")),
    .init("HTTP/1.9 is read as 1.1", line("GET / HTTP/1.9")),
  ]

  static let fields: [GoodRequest] = [
    .init("field without space", get("A:b")),
    .init("field with white space around", get("Connection: \t close \t ")) {
      $0.keepsAlive = false
    },
    .init("field without value", get("A:", "B: ")),
    .init("value beyond ASCII", get("A: \u{E9}\u{4F60}")),
    .init("name of all token characters", get("!#$%&'*+-.^_`|~09azAZ: x")),
    .init("names in any case", head("GET / HTTP/1.1", ["hOsT: h", "cONNECTION: cLOSE"])) {
      $0.keepsAlive = false
    },
    .init("Host with port", head("GET / HTTP/1.1", ["Host: example.com:8080"])),
    .init("Host IPv6", head("GET / HTTP/1.1", ["Host: [::1]:80"])),
    .init("Host with an empty port", head("GET / HTTP/1.1", ["Host: h:"])),
    .init("Host IPv4 in IPv6", head("GET / HTTP/1.1", ["Host: [::ffff:127.0.0.1]"])),
    .init("close among others", get("Connection: a, ,close,b")) { $0.keepsAlive = false },
    .init("close wins", get("Connection: keep-alive, close")) { $0.keepsAlive = false },
    .init("two Connection fields add up", get("Connection: a", "Connection: close")) {
      $0.keepsAlive = false
    },
    .init("a longer word is not close", get("Connection: closed, xclose")),
    .init("HTTP/1.0 keep-alive", head("GET / HTTP/1.0", ["Connection: Keep-Alive"])) {
      $0.isHTTP10 = true
    },
    .init("Content-Length 0 is no body", get("Content-Length: 0")),
    .init("Content-Length", post("Content-Length: 5"), rest: "hello") {
      ($0.method, $0.framing) = (.other, .length(5))
    },
    .init("Content-Length with zeros", post("Content-Length: 00000000000000000000000000005")) {
      ($0.method, $0.framing) = (.other, .length(5))
    },
    .init("Content-Length 1 MiB", post("Content-Length: 1048576")) {
      ($0.method, $0.framing) = (.other, .length(1_048_576))
    },
    .init("chunked", post("Transfer-Encoding: cHUNKED"), rest: "0\r\n\r\n") {
      ($0.method, $0.framing) = (.other, .chunked)
    },
    .init("Expect with a body", get("Expect: 100-Continue", "Content-Length: 1")) {
      ($0.expectsContinue, $0.framing) = (true, .length(1))
    },
    .init("Expect without a body", get("Expect: 100-continue")),
    .init("an empty Expect", get("Expect:")),
    .init("empty elements of Expect", get("Expect: , 100-continue,", "Content-Length: 1")) {
      ($0.expectsContinue, $0.framing) = (true, .length(1))
    },
    .init(
      "empty elements of Transfer-Encoding", post("Transfer-Encoding: , chunked"),
      rest: "0\r\n\r\n"
    ) { ($0.method, $0.framing) = (.other, .chunked) },
    .init("CONNECT to IPv6", line("CONNECT [::1]:443 HTTP/1.1")) {
      ($0.method, $0.path) = (.connect, "")
    },
    .init("a method of 32 bytes", line(String(repeating: "M", count: 32) + " / HTTP/1.1")) {
      $0.method = .other
    },
    .init(
      "Expect in HTTP/1.0",
      head("GET / HTTP/1.0", ["Expect: 100-continue", "Content-Length: 1"])
    ) {
      ($0.isHTTP10, $0.keepsAlive, $0.framing) = (true, false, .length(1))
    },
    .init("WebSocket", get("Connection: x, Upgrade", "Upgrade: a, WebSocket")) {
      $0.wantsWebSocket = true
    },
    .init("Upgrade without Connection", get("Upgrade: websocket")),
    .init("Connection without Upgrade", get("Connection: upgrade")),
    .init("another protocol", get("Connection: upgrade", "Upgrade: h2c")),
    .init(
      "WebSocket in HTTP/1.0",
      head("GET / HTTP/1.0", ["Connection: keep-alive, upgrade", "Upgrade: websocket"])
    ) { $0.isHTTP10 = true },
    .init("key", get("Sec-WebSocket-Key:  abc= ")) { $0.key = "abc=" },
  ]
}
