import Common
import Glibc
import Testing

/// What is special about chapter 3: both triggers, thousands of clients on one thread, and raw echo.
@Suite struct EpollTests {
  private func start(_ options: String...) throws -> ServerProcess {
    try ServerProcess(Chapter("03-Epoll"), options)
  }

  @Test(arguments: Trigger.allCases)
  func `both triggers drain data that does not fit into one read or one write`(
    trigger: Trigger
  ) throws {
    let server = try start("--trigger", trigger.rawValue)
    let client = try server.connectWebSocket("/echo")
    // 8 MB are in flight, more than both sides' socket buffers hold, so the server reads and writes
    // in parts.
    let payload = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let frame = WebSocketFrame(opcode: WebSocketFrame.binary, payload: payload).encoded()
    let writer = try Background { for _ in 1...8 { try client.client.send(frame) } }
    for _ in 1...8 { #expect(try client.readMessage().payload == payload) }
    try writer.wait()
  }

  @Test(arguments: Trigger.allCases)
  func `both triggers notice an end of stream that arrives together with the request`(
    trigger: Trigger
  ) throws {
    let server = try start("--trigger", trigger.rawValue)
    for _ in 1...20 {
      let client = try server.connect()
      try client.send(request("/"))
      client.shutdownWriting()
      #expect(try client.readResponse().text == "Hello")
      try client.expectClosed()
    }
  }

  @Test(arguments: Trigger.allCases)
  func `both triggers let the loop sleep while a client with more input has to wait`(
    trigger: Trigger
  ) throws {
    let server = try start("--trigger", trigger.rawValue)
    let client = try server.connect()
    try client.send(request("/?delay=60s"))
    try server.waitUntilRead(client)
    try client.send(request("/"))
    client.shutdownWriting()
    // Two requests and the end of the stream wait unread. A loop that spins on them never becomes
    // quiet.
    try server.waitUntilQuiet()
    #expect(!client.hasInput())
  }

  @Test func `a thousand clients that wait for a slow backend need no extra thread`() throws {
    let server = try start()
    let threads = try server.threadCount()
    let clients = try (1...1000).map { _ in try server.connect() }
    for client in clients { try client.send(request("/?delay=300ms")) }
    try server.waitUntilRead(clients[999])
    #expect(try server.threadCount() == threads)
    for client in clients { #expect(try client.readResponse().text == "Hello") }
  }

  @Test func `ten thousand keep-alive connections are served at once`() throws {
    try requireDescriptors(10_100)
    let server = try start("--idle-timeout", "5m")
    let clients = try (1...10_000).map { _ in try server.connect() }
    for _ in 1...2 {
      for client in clients { try client.send(request("/")) }
      for client in clients { #expect(try client.readResponse().text == "Hello") }
    }
    #expect(try server.get("/stats").text.contains("\"connectionsOpen\": 10001"))
  }

  @Test func `a client that lets its outbox overflow is cut off, and the others are not held up`()
    throws
  {
    let server = try start("--outbox", "64KiB")
    let (deaf, sender) = (try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws"))
    let id = try deaf.askWhoAmI()
    let large = String(repeating: "x", count: 1_000_000)
    for _ in 1...16 { try sender.send("send \(id) \(large)") }
    #expect(try sender.readText() == "No client \(id)")
  }

  @Test func `raw echo returns every byte and honors a half-close`() throws {
    let server = try ServerProcess(Chapter("epoll-echo"))
    let client = try server.connect()
    let bytes = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let writer = try Background {
      try client.send(bytes)
      client.shutdownWriting()
    }
    #expect(try client.read(bytes.count) == bytes)
    try client.expectClosed()
    try writer.wait()
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
  }
}
