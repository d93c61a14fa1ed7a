import Testing

/// Cross-site WebSocket hijacking (RFC 6455 section 10.2): a browser says which page opens a
/// WebSocket, and the server checks that origin.
@Suite struct OriginTests {
  /// The `Host` of all these requests is `test`.
  static let own: [String?] = [nil, "http://test", "https://test"]
  static let others = [
    "http://example.com", "https://test.example.com", "http://test:8080", "http://test.",
    "http://tes", "http://atest",
    "null", "test", "http://", "http://test/", "http://test http://test", "file://test", "*",
  ]

  @Test(arguments: Chapter.allCases)
  func `the server's own pages may open a WebSocket, and so may programs that are not browsers`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      for origin in Self.own {
        #expect(try server.statusOfUpgrade(from: origin) == 101, "\(origin ?? "none")")
      }
      let client = try server.connect()
      let host = "127.0.0.1:\(server.port)"
      let upgrade = WebSocketClient.upgrade("/ws", replacing: ["Origin": "http://\(host)"])
      try client.send(upgrade.replacing("Host: test", with: "Host: \(host)"))
      try WebSocketClient(client).expectAccepted()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `pages of other servers may not open a WebSocket`(chapter: Chapter) throws {
    try chapter.withServer { server in
      for origin in Self.others {
        #expect(try server.statusOfUpgrade(from: origin) == 403, "\(origin)")
      }
      let client = try server.connect()
      let upgrade = WebSocketClient.upgrade("/ws", replacing: ["Origin": "http://test"])
      let second = "Upgrade: websocket\r\nOrigin: http://example.com"
      try client.send(upgrade.replacing("Upgrade: websocket", with: second))
      #expect(try client.readResponse().status == 400, "two origins")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an allow-list admits its origins, and a star admits all`(chapter: Chapter) throws {
    let list = "https://example.com,http://other:8080"
    let server = try ServerProcess(chapter, ["--origins", list])
    for origin in Self.own + ["https://example.com", "http://other:8080"] {
      #expect(try server.statusOfUpgrade(from: origin) == 101)
    }
    for origin in Self.others + ["https://example.com:443", list] {
      #expect(try server.statusOfUpgrade(from: origin) == 403, "\(origin)")
    }
    let open = try ServerProcess(chapter, ["--origins", "*"])
    for origin in Self.own + Self.others {
      #expect(try open.statusOfUpgrade(from: origin) == 101)
    }
  }

  /// Behind a proxy that rewrites `Host`, the server's own page looks like another server's.
  @Test(arguments: Chapter.allCases)
  func `a refusal, even of a POST, says what was compared and which option lets the page in`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      let origin = "https://name-7878.example.com"
      let upgrade = WebSocketClient.upgrade("/ws", replacing: ["Origin": origin])
      let post = request("/ws", "Origin: \(origin)", "Content-Length: 0", method: "POST")
      for text in [upgrade, post] {
        let client = try server.connect()
        try client.send(text)
        let response = try client.readResponse()
        #expect(response.status == 403)
        #expect(response["content-type"] == "text/plain; charset=utf-8")
        for words in [":  \(origin)\n", ":  test\n", "\n\(chapter.name) --origins \(origin)\n"] {
          #expect(response.text.contains(words), "\(words)")
        }
        try client.expectClosed()
      }
      let client = try server.connect()
      try client.send(request("/ws", "Origin: http://test", "Content-Length: 0", method: "POST"))
      #expect(try client.readResponse().status == 405)
    }
  }

  @Test func `a refusal suggests no command if the origin is not a valid one`() throws {
    try Chapter("03-Epoll").withServer { server in
      for origin in ["http://a;reboot", "http://a b", "http://\u{E9}", "http://$(reboot)", "a,b"] {
        let client = try server.connect()
        try client.send(WebSocketClient.upgrade("/ws", replacing: ["Origin": origin]))
        #expect(try client.readResponse().text.hasSuffix("\n03-Epoll --origins ORIGIN\n"))
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `on other paths the origin does not matter`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Origin: http://example.com"))
      #expect(try client.readResponse().text == "Hello")
    }
  }
}

extension ServerProcess {
  /// Returns the status of the answer to an opening handshake on a new connection.
  fileprivate func statusOfUpgrade(from origin: String?) throws -> Int {
    let client = try connect()
    try client.send(WebSocketClient.upgrade("/ws", replacing: ["Origin": origin]))
    return try HTTPResponse(head: client.readHead()).status
  }
}
