import Testing

/// What is special about chapter 2: a queue that can be full, several pools, and a slow client that
/// holds up a broadcast.
@Suite struct ThreadPoolTests {
  func start(_ options: String...) throws -> ServerProcess {
    try ServerProcess(Chapter("02-ThreadPool"), options)
  }

  @Test func `a full queue answers 503 to exactly the clients that it has no room for`() throws {
    let server = try start("--workers", "1", "--queue", "2", "--when-full", "refuse")
    let served = try server.connect()
    try served.send(request("/"))
    #expect(try served.readResponse().text == "Hello")
    let queued = try (1...2).map { _ in try server.connect() }
    for _ in 1...5 {
      let refused = try server.connect()
      let response = try refused.readResponse()
      #expect(response.status == 503)
      #expect(response["connection"] == "close")
    }
    served.close()
    for client in queued {
      try client.send(request("/", "Connection: close"))
      #expect(try client.readResponse().text == "Hello")
    }
  }

  @Test func `with a queue that waits, every client is answered in the end`() throws {
    let server = try start("--workers", "1", "--queue", "1")
    let clients = try (1...20).map { _ in try server.connect() }
    for client in clients { try client.send(request("/", "Connection: close")) }
    for client in clients { #expect(try client.readResponse().text == "Hello") }
  }

  @Test func `a thread per connection serves more than ten clients at once`() throws {
    let server = try start("--pool", "per-connection")
    let clients = try (1...500).map { _ in try server.connect() }
    for client in clients {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    server.send(signal: 15)
    #expect(try server.waitForExit() == .status(0))
  }

  @Test func `a worker survives whatever its client does`() throws {
    let server = try start("--workers", "2")
    for _ in 1...20 {
      let client = try server.connect()
      try client.send("GET /?delay=1ms HTTP/1.1\r\nHost: x\r\n\r\nGET /\0")
      client.reset()
    }
    let clients = try (1...2).map { _ in try server.connect() }
    for client in clients {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
  }

  @Test func `a client that does not read is cut off, and holds up the others only for a while`()
    throws
  {
    let server = try start("--send-timeout", "200ms", "--heartbeat", "5m")
    let (deaf, sender, listener) = (
      try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws"),
      try server.connectWebSocket("/ws")
    )
    let id = try deaf.askWhoAmI()
    let large = String(repeating: "x", count: 1_000_000)
    // More than any socket buffer holds: the sender's worker blocks in send until its timeout ends.
    for _ in 1...16 { try sender.send("send \(id) \(large)") }
    var answer = try sender.readText()
    while answer != "No client \(id)" { answer = try sender.readText() }
    try sender.send("broadcast")
    #expect(try listener.readText().hasPrefix("Hello from client"))
    #expect(!deaf.client.readToEnd().contains("Hello from client"))
  }
}
