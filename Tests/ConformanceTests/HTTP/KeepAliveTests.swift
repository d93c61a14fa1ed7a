import Testing

@Suite(.transcribed) struct KeepAliveTests {
  /// The rules for whether a connection stays open after an answer (RFC 9112 section 9.3).
  static let rules: [(version: String, connection: String?, stays: Bool)] = [
    ("HTTP/1.1", nil, true),
    ("HTTP/1.1", "Connection: keep-alive", true),
    ("HTTP/1.1", "Connection: foo", true),
    ("HTTP/1.1", "Connection: closed", true),
    ("HTTP/1.1", "Connection: close", false),
    ("HTTP/1.1", "connection: Close, foo", false),
    ("HTTP/1.1", "CONNECTION: foo ,\tCLOSE", false),
    ("HTTP/1.1", "Connection: foo\r\nConnection: close", false),
    ("HTTP/1.1", "Connection: keep-alive, close", false),
    ("HTTP/1.0", nil, false),
    ("HTTP/1.0", "Connection: close", false),
    ("HTTP/1.0", "Connection: foo", false),
    ("HTTP/1.0", "Connection: keep-alive", true),
    ("HTTP/1.0", "cOnNeCtIoN:foo, Keep-Alive", true),
  ]

  @Test(arguments: Chapter.allCases, rules)
  func `the HTTP version and the Connection field decide whether the connection stays open`(
    chapter: Chapter, rule: (version: String, connection: String?, stays: Bool)
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      let fields = rule.connection.map { "\($0)\r\n" } ?? ""
      try client.send("GET / \(rule.version)\r\nHost: test\r\n\(fields)\r\n")
      let response = try client.readResponse()
      #expect(response.text == "Hello")
      let connection = response["connection"]?.lowercased()
      if rule.stays {
        // RFC 9112 section 9.3: a 1.0 client must be told that the connection stays, a 1.1 client
        // need not be.
        #expect(connection == "keep-alive" || (connection == nil && rule.version == "HTTP/1.1"))
        try client.send(request("/"))
        #expect(try client.readResponse().text == "Hello")
      } else {
        #expect(connection == "close")
        try client.expectClosed()
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests after one that asks to close are not answered`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Connection: close") + request("/nope"))
      #expect(try client.readResponse().text == "Hello")
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `refusing a well-formed request keeps the connection open`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      for target in ["/nope", "/ws", "/", "/nope"] {
        try client.send(request(target))
        _ = try client.readResponse()
      }
      try client.send(request("/", method: "POST") + request("/"))
      #expect(try client.readResponse().status == 405)
      #expect(try client.readResponse().text == "Hello")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a client that half-closes after its request still gets its answer`(chapter: Chapter) throws
  {
    try chapter.withServer { server in
      for target in ["/", "/?delay=20ms"] {
        let client = try server.connect()
        try client.send(request(target) + request("/nope"))
        client.shutdownWriting()
        #expect(try client.readResponse().text == "Hello")
        #expect(try client.readResponse().status == 404)
        try client.expectClosed()
      }
    }
  }
}
