import Testing

/// However the bytes of requests are cut into packets, the answers are the same.
@Suite(.transcribed) struct DeliveryTests {
  static let requests: [(bytes: String, status: Int)] = [
    (request("/"), 200),
    ("\r\n\r\n" + request("/"), 200),
    (request("/nope", "X: 1"), 404),
    (request("http://test/"), 200),
    (request("HTTP://test:80/nope"), 404),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
    ("GET / HTTP/1.1\r\nhOsT:test\r\nEmpty:\r\nSpaces: \t a b \t \r\nObs: \u{e9}\r\n\r\n", 200),
    (request("/", "Content-Length: 5", method: "POST") + "hello", 405),
    (request("/", "Content-Length: 3") + "\r\n\r", 200),
    (request("/", "Content-Length: 0"), 200),
    (request("/", "Content-Length: 0005") + "hello", 200),
    (request("/", "Transfer-Encoding: chunked") + "0\r\n\r\n", 200),
    (request("/", "transfer-encoding: Chunked") + "5\r\nhello\r\n0\r\n\r\n", 200),
    (
      request("/nope", "Transfer-Encoding: chunked", "Trailer: A", method: "PUT")
        + "A;name=value\r\n0123456789\r\n00b;q=\"x\";z\r\n0123\r\n\r\n890\r\n000\r\nA: 1\r\nB: 2\r\n\r\n",
      404
    ),
  ]

  @Test(arguments: Chapter.allCases)
  func `after a body of any kind the next request is read correctly`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      for request in Self.requests {
        try client.send(request.bytes)
        #expect(try client.readResponse().status == request.status, "\(request.bytes)")
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests of all kinds in one packet are answered in order`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(Self.requests.map(\.bytes).joined())
      for request in Self.requests {
        #expect(try client.readResponse().status == request.status, "\(request.bytes)")
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests of all kinds that arrive byte by byte are answered in order`(chapter: Chapter)
    throws
  {
    try chapter.withServer { server in
      let client = try server.connect()
      for request in Self.requests {
        try client.sendByteByByte(Array(request.bytes.utf8))
        #expect(try client.readResponse().status == request.status, "\(request.bytes)")
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a hundred requests in one packet are answered in order`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      let kinds = [("/", "GET"), ("/nope", "GET"), ("/", "HEAD"), ("/", "POST"), ("/chat", "HEAD")]
      // The pattern has no short period, so an answer in the wrong place cannot look right.
      let order = (0..<100).map { kinds[$0 * $0 * 7 % 31 % kinds.count] }
      try client.send(order.map { request($0.0, method: $0.1) }.joined())
      for (index, kind) in order.enumerated() {
        let response = try client.readResponse(toHead: kind.1 == "HEAD")
        let status = kind.1 == "POST" ? 405 : kind.0 == "/nope" ? 404 : 200
        #expect(response.status == status, "answer \(index)")
        if kind == ("/", "GET") { #expect(response.text == "Hello", "answer \(index)") }
        #expect(
          response["content-type"]?.hasPrefix("text/html") == (kind.0 == "/chat"), "answer \(index)"
        )
      }
      try client.send(request("/", "Connection: close"))
      #expect(try client.readResponse().text == "Hello")
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `after a large body in many packets the next request is read correctly`(chapter: Chapter)
    throws
  {
    try chapter.withServer { server in
      let client = try server.connect()
      let line = Array(request("/nope").utf8)
      let body = (0..<1_048_576).map { line[$0 % line.count] }
      try client.send(Array(request("/", "Content-Length: \(body.count)").utf8) + body)
      try client.send(request("/chat"))
      #expect(try client.readResponse().text == "Hello")
      #expect(try client.readResponse()["content-type"]?.hasPrefix("text/html") == true)

      let chunk = Array("10000\r\n".utf8) + body[..<65536] + Array("\r\n".utf8)
      try client.send(request("/", "Transfer-Encoding: chunked"))
      for _ in 1...16 { try client.send(chunk) }
      try client.send("0\r\n\r\n" + request("/chat"))
      #expect(try client.readResponse().text == "Hello")
      #expect(try client.readResponse()["content-type"]?.hasPrefix("text/html") == true)
    }
  }
}
