import Testing

/// A malformed request gets 400, and the connection ends: the server cannot know where the next
/// request begins.
@Suite(.transcribed) struct MalformedRequestTests {
  @Test(
    arguments: Chapter.allCases,
    (lines + hosts + fields + lengths + codings + chunks + trailers).map { Sample($0, 400) })
  func `a malformed request gets 400, and the connection is closed`(
    chapter: Chapter, malformed: Sample
  ) throws {
    try chapter.withServer { server in
      for byteByByte in [false, true] {
        let client = try server.connect()
        if byteByByte {
          try client.sendByteByByte(malformed.bytes)
        } else {
          try client.send(malformed.bytes)
        }
        let response = try client.readResponse()
        try #require(response.status == 400)
        #expect(response["connection"] == "close")
        try client.expectClosed()
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests after a malformed one are not answered`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/") + request("/", "Content-Length: x") + request("/nope"))
      #expect(try client.readResponse().text == "Hello")
      #expect(try client.readResponse().status == 400)
      try client.expectClosed()
    }
  }

  static let lines = [
    "GET /\r\nHost: test\r\n\r\n",
    "GET\r\nHost: test\r\n\r\n",
    "/ HTTP/1.1\r\nHost: test\r\n\r\n",
    " / HTTP/1.1\r\nHost: test\r\n\r\n",
    "\r\n GET / HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET / http/1.1\r\nHost: test\r\n\r\n",
    "GET / HTTP/1\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.x\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.11\r\nHost: test\r\n\r\n",
    "GET / HTTP/11.1\r\nHost: test\r\n\r\n",
    "GET / HTTP 1.1\r\nHost: test\r\n\r\n",
    "GET / HTTPS/1.1\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.1 \r\nHost: test\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /  HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET\t/ HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\tHTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET  HTTP/1.1\r\nHost: test\r\n\r\n",
    "G@T / HTTP/1.1\r\nHost: test\r\n\r\n",
    "G\u{e9}T / HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET index.html HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET ftp HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\u{e9} HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\u{80}\u{ff} HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\u{7f} HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\0 HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /\r HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.1\nHost: test\n\n",
    "GET / HTTP/1.1\r\nHost: test\n\r\n",
    "GET / HTTP/1.1\r\nHost: test\r\n\n",
    "GET / HTTP/1.1\rHost: test\r\n\r\n",
    "\n\nGET / HTTP/1.1\r\nHost: test\r\n\r\n",
    "\0\r\n\r\n",
    "hello, is anybody there?\r\n\r\n",
    "\u{1}\u{2}\u{3}\u{fe}\u{ff}\r\n\r\n",
    // The beginning of a TLS ClientHello: a client tries https on this port.
    "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\u{c5}\n\u{9d}",
  ]

  static let hosts = [
    "GET / HTTP/1.1\r\n\r\n",
    "GET http://test/ HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test\r\nhost: other\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: test\r\nHost: test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: \t \r\n\r\n",
    "GET / HTTP/1.1\r\nHost: two words\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test/path\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: user@test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test, other\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: test:http\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: t\u{e9}st\r\n\r\n",
  ]

  static let fields = [
    request("/", "A : b"),
    request("/", "A\t: b"),
    request("/", " A: b"),
    request("/", "A: b", " folded"),
    request("/", "A: b", "\tfolded"),
    request("/", ": b"),
    request("/", "A"),
    request("/", "A b: c"),
    request("/", "A(: b"),
    request("/", "\u{e9}: b"),
    request("/", "A\0: b"),
    request("/", "A: b\0c"),
    request("/", "A: b\rc"),
    request("/", "A: b\r\r\nB: c"),
    request("/", "A: b\nB: c"),
    "GET / HTTP/1.1\r\n Host: test\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : test\r\n\r\n",
  ]

  static let lengths =
    [
      "+5", "-5", "0x5", "5,5", "5, 5", "5 5", "", "5.0", "5e0", "five", "\u{b2}", "5;", "5\0",
    ].map { request("/", "Content-Length: \($0)") + "hello" } + [
      request("/", "Content-Length: 5", "Content-Length: 5") + "hello",
      request("/", "Content-Length: 5", "Content-Length: 6") + "hello!",
      request("/", "content-length: 0", "CONTENT-LENGTH: 0"),
    ]

  static let codings = [
    request("/", "Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    request("/", "Transfer-Encoding: chunked", "Content-Length: 5") + "0\r\n\r\n",
    request("/", "Transfer-Encoding: chunked", "Content-Length: 0") + "0\r\n\r\n",
    request("/", "Transfer-Encoding: chunked", version: "HTTP/1.0") + "0\r\n\r\n",
    request("/", "Transfer-Encoding : chunked") + "0\r\n\r\n",
  ]

  static let chunks = [
    "zz\r\n",
    "-1\r\n",
    "+1\r\n",
    "0x5\r\n",
    "\r\n",
    ";a=b\r\n",
    " 5\r\nhello\r\n0\r\n\r\n",
    "5 \u{e9}\r\n",
    "5\nhello\r\n0\r\n\r\n",
    "5\rhello\r\n0\r\n\r\n",
    "5;a\nhello\r\n0\r\n\r\n",
    "5;a\rb\r\nhello\r\n0\r\n\r\n",
    "00000000000000005\r\nhello\r\n0\r\n\r\n",
    "5\r\nhello0\r\n\r\n",
    "5\r\nhello!\r\n0\r\n\r\n",
    "5\r\nhello\n0\r\n\r\n",
    "5\r\nhello\r0\r\n\r\n",
    "5\r\nhello\r\nzz\r\n",
  ].map { request("/", "Transfer-Encoding: chunked") + $0 }

  static let trailers = [
    "A: b\n\r\n",
    "A: b\0\r\n\r\n",
    "A: b\r\n folded\r\n\r\n",
    "A : b\r\n\r\n",
    "no trailer\r\n\r\n",
    ": b\r\n\r\n",
    "\n",
  ].map { request("/", "Transfer-Encoding: chunked") + "0\r\n" + $0 }
}
