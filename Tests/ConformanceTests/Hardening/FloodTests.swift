import Glibc
import Testing

/// Clients that never stop sending, or that declare absurd sizes: they are answered or refused, and
/// cost next to no memory.
@Suite struct FloodTests {
  /// More than both kernels' buffers and any of our limits together: a server that has read this
  /// much before it refuses was too late.
  static let early = 16 << 20
  /// How much a server's memory may grow: its buffers, and the allocator's overhead. What a
  /// sanitizer keeps (`SERVERS`) does not count.
  static let growth = getenv("SERVERS") == nil ? 4 << 20 : Int.max

  /// A beginning, something that never ends, and the status that ends it.
  static let endless = [
    Endless("request line", "GET /", "a" * 4096, 414),
    Endless("empty lines", "", "\r\n" * 2048, 431),
    Endless("fields", "GET / HTTP/1.1\r\nHost: test\r\n", "Field: value\r\n" * 512, 431),
    Endless("one field", "GET / HTTP/1.1\r\nHost: test\r\nField: ", "a" * 4096, 431),
    Endless("chunks", chunked, "1000\r\n\("a" * 4096)\r\n", 413),
    Endless("chunks of one byte", chunked, "1\r\na\r\n" * 1024, 413),
    Endless("chunk extensions", chunked + "1;", "a=b;" * 1024, 431),
    Endless("chunks with extensions", chunked, "1;abcdefgh\r\na\r\n" * 512, 431),
    Endless("trailers", chunked + "0\r\n", "Field: value\r\n" * 512, 431),
    Endless("size of a chunk", chunked, "0" * 4096, 400),
  ]

  static let chunked = request("/", "Transfer-Encoding: chunked", method: "POST")

  @Test(arguments: Chapter.allCases, endless)
  func `a request that never ends is refused early`(chapter: Chapter, endless: Endless) throws {
    try chapter.withServer { server in
      let before = try server.memory()
      let client = try server.connect()
      try client.send(endless.beginning)
      #expect(try client.sendUntilAnswered(endless.rest) < Self.early)
      #expect(try client.readResponse().status == endless.status)
      #expect(try server.memory() - before < Self.growth)
    }
  }

  @Test(
    arguments: Chapter.allCases, ["/", "/chat", "/stats", "/burn?ms=1", "/ws", "/echo", "/nope"])
  func `a body of 100 MB is refused early, whatever the path`(chapter: Chapter, path: String) throws
  {
    try chapter.withServer { server in
      let size = 100 << 20
      for head in [
        request(path, "Content-Length: \(size)", method: "POST"),
        request(path, "Content-Length: \(size)", "Expect: 100-continue", method: "PUT"),
        request(path, "Transfer-Encoding: chunked") + "\(String(size, radix: 16))\r\n",
      ] {
        let client = try server.connect()
        try client.send(head)
        #expect(try client.sendUntilAnswered("a" * 65536) < Self.early)
        #expect(try client.readResponse().status == 413)
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `ten thousand pings get ten thousand pongs, in order`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      let payloads = (0..<10_000).map { Array("\($0)".utf8) }
      let pings = payloads.flatMap {
        WebSocketFrame(opcode: WebSocketFrame.ping, payload: $0).encoded()
      }
      let writer = try Background { try webSocket.client.send(pings) }
      for payload in payloads {
        try #require(
          try webSocket.read() == WebSocketFrame(opcode: WebSocketFrame.pong, payload: payload))
      }
      try writer.wait()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a hundred thousand empty fragments form one message and use no memory`(chapter: Chapter)
    throws
  {
    try chapter.withServer { server in
      let webSocket = try server.connectWebSocket("/echo")
      let before = try server.memory()
      let empty = WebSocketFrame(isFinal: false, opcode: WebSocketFrame.continuation).encoded()
      try webSocket.send(.text("one", isFinal: false))
      for _ in 1...100 {
        try webSocket.client.send(Array(repeating: empty, count: 1000).flatMap { $0 })
      }
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.continuation, payload: [33]))
      #expect(try webSocket.readText() == "one!")
      #expect(try server.memory() - before < Self.growth)
    }
  }

  static let unread: [(path: String?, bytes: [UInt8])] = [
    (nil, Array((request("/chat") * 1000).utf8)),
    (nil, Array((request("/nope") * 1000).utf8)),
    (
      "/echo",
      Array(repeating: WebSocketFrame(opcode: WebSocketFrame.ping).encoded(), count: 10_000).flatMap
      { $0 }
    ),
    (
      "/echo",
      WebSocketFrame(opcode: WebSocketFrame.binary, payload: [UInt8](repeating: 7, count: 1 << 20))
        .encoded()
    ),
    (
      "/ws", Array(repeating: WebSocketFrame.text("whoami").encoded(), count: 10_000).flatMap { $0 }
    ),
    (
      "/ws",
      Array(repeating: WebSocketFrame.text("broadcast").encoded(), count: 10_000).flatMap { $0 }
    ),
  ]

  @Test(arguments: Chapter.allCases, unread.indices)
  func `a server stops reading from a client that keeps asking and never reads`(
    chapter: Chapter, index: Int
  ) throws {
    let flood = Self.unread[index]
    let server = try ServerProcess(chapter, ["--send-timeout", "1m"])
    let client = try server.connect()
    if let path = flood.path { try WebSocketClient(client).handshake(path) }
    let before = try server.memory()
    try client.sendUntilFull(flood.bytes)
    // The largest of these messages is 1 MiB: it is in memory once while it is assembled, and once
    // as an answer.
    #expect(try server.memory() - before < Self.growth)
  }

  @Test(arguments: Chapter.unlimited)
  func `declaring a size reserves no memory`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    _ = try server.connectWebSocket("/echo")
    let before = try server.memory()
    let frame = WebSocketFrame(opcode: WebSocketFrame.binary).encoded(declaring: 1 << 20)
    let clients = try (1...100).map { index in
      let client = try server.connect()
      if index % 2 == 0 {
        try WebSocketClient(client).handshake("/echo")
        try client.send(frame)
      } else {
        try client.send(request("/", "Content-Length: \(1 << 20)"))
      }
      return client
    }
    for client in clients { try server.waitUntilRead(client) }
    #expect(try server.memory() - before < Self.growth)
  }
}

/// A request that has a beginning, but no end.
struct Endless: CustomTestStringConvertible {
  let testDescription: String
  let beginning: String
  let rest: String
  let status: Int

  init(_ name: String, _ beginning: String, _ rest: String, _ status: Int) {
    (testDescription, self.beginning, self.rest, self.status) = (name, beginning, rest, status)
  }
}

extension Client {
  /// Sends `text` again and again until an answer arrives; gives up after 100 MB. Returns the
  /// number of bytes sent.
  fileprivate func sendUntilAnswered(_ text: String) throws -> Int {
    let bytes = Array(text.utf8)
    var count = 0
    while !hasInput(), count < 100 << 20 {
      try send(bytes)
      count += bytes.count
    }
    return count
  }
}
