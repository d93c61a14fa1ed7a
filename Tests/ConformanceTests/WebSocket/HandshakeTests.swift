import Testing
import WireProtocols

/// The opening handshake (RFC 6455 section 4.2).
@Suite(.transcribed) struct HandshakeTests {
  @Test(arguments: Chapter.allCases, ["/ws", "/echo", "/echo?session=1"])
  func `the sample handshake of RFC 6455 is accepted`(chapter: Chapter, path: String) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(WebSocketClient.upgrade(path))
      let response = try HTTPResponse(head: client.readHead())
      #expect(response.status == 101)
      #expect(response["upgrade"]?.lowercased() == "websocket")
      #expect(response["connection"]?.lowercased() == "upgrade")
      #expect(response["sec-websocket-accept"] == WebSocketClient.sampleAccept)
      // Section 4.2.2: no body, so no framing of one.
      #expect(response["content-length"] == nil && response["transfer-encoding"] == nil)
    }
  }

  static let variants: [[String: String?]] = [
    ["Upgrade": "WebSocket"],
    ["Connection": "keep-alive, Upgrade"],
    ["Connection": "upgrade"],
    ["Origin": "http://test"],
    // The servers offer neither extensions nor subprotocols, so none is ever agreed on.
    ["Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"],
    ["Sec-WebSocket-Protocol": "chat, superchat"],
  ]

  @Test(arguments: Chapter.allCases, variants)
  func `other spellings of the same handshake are accepted`(
    chapter: Chapter, replacing: [String: String?]
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(WebSocketClient.upgrade("/echo", replacing: replacing))
      let response = try HTTPResponse(head: client.readHead())
      #expect(response.status == 101)
      #expect(response["sec-websocket-accept"] == WebSocketClient.sampleAccept)
      #expect(response["sec-websocket-extensions"] == nil)
      #expect(response["sec-websocket-protocol"] == nil)
    }
  }

  @Test(arguments: Chapter.allCases, ["/ws", "/echo"])
  func `a request without an upgrade gets 426`(chapter: Chapter, path: String) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      for fields in ["", "Connection: Upgrade\r\n", "Upgrade: h2c\r\nConnection: Upgrade\r\n"] {
        try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n")
        let response = try client.readResponse()
        #expect(response.status == 426, "\(fields)")
        #expect(response["upgrade"]?.lowercased() == "websocket", "\(fields)")
      }
    }
  }

  @Test(arguments: Chapter.allCases, ["8", "12", "14", "130"])
  func `a client with another WebSocket version is told the supported one`(
    chapter: Chapter, version: String
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(
        WebSocketClient.upgrade("/ws", replacing: ["Sec-WebSocket-Version": version]))
      let response = try client.readResponse()
      #expect(response.status == 426)
      #expect(response["sec-websocket-version"] == "13")
    }
  }

  /// Section 4.1: 16 bytes in Base64 (RFC 4648 section 4, padded).
  static let badKeys: [String?] = [
    nil, "", "abc", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=",
    "dGhlIHNhbXBsZSBub25jZQ===",
    "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub2!jZQ==",
    "dGhlIHNhbXBs ZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
  ]

  @Test(arguments: Chapter.allCases, badKeys)
  func `a key that is missing or not 16 bytes is a bad request`(
    chapter: Chapter, key: String?
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(WebSocketClient.upgrade("/ws", replacing: ["Sec-WebSocket-Key": key]))
      let response = try client.readResponse()
      #expect(response.status == 400)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `only GET upgrades`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send("POST" + WebSocketClient.upgrade("/ws").dropFirst(3))
      let response = try client.readResponse()
      #expect(response.status == 405)
      #expect(response["allow"] == "GET, HEAD")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `HTTP/1.0 cannot upgrade`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      let upgrade = WebSocketClient.upgrade("/ws").split(separator: "\r\n", maxSplits: 1)
      try client.send("GET /ws HTTP/1.0\r\n\(upgrade[1])")
      let response = try client.readResponse()
      #expect([400, 426].contains(response.status))
    }
  }

  @Test(arguments: Chapter.allCases)
  func `on other paths an upgrade request is ignored`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(WebSocketClient.upgrade("/") + WebSocketClient.upgrade("/nope"))
      #expect(try client.readResponse().text == "Hello")
      #expect(try client.readResponse().status == 404)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests before the handshake and frames after it may share a packet`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      let frames = WebSocketFrame.text("one").encoded() + WebSocketFrame.text("two").encoded()
      try client.send(Array((request("/") + WebSocketClient.upgrade("/echo")).utf8) + frames)
      #expect(try client.readResponse().text == "Hello")
      let webSocket = WebSocketClient(client)
      try webSocket.expectAccepted()
      #expect(try webSocket.readText() == "one")
      #expect(try webSocket.readText() == "two")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `the handshake may arrive byte by byte`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.sendByteByByte(Array(WebSocketClient.upgrade("/echo").utf8))
      try WebSocketClient(client).expectAccepted()
    }
  }
}
