import Common
import Glibc
import Testing

/// What is special about chapter 4: the manager, the mailboxes, and tasks that leave nothing
/// behind.
@Suite struct ActorTests {
  private func start(_ options: String...) throws -> ServerProcess {
    try ServerProcess(Chapter("04-Actor"), options)
  }

  @Test func `ids are unique and consecutive when many clients register at once on two loops`()
    throws
  {
    let server = try start("--loops", "2")
    let clients = try (1...400).map { _ in try WebSocketClient(server.connect()) }
    for client in clients { try client.client.send(WebSocketClient.upgrade("/ws")) }
    for client in clients { try client.expectAccepted() }
    let ids = try clients.map { try $0.askWhoAmI() }
    #expect(Set(ids) == Set(1...400))
  }

  @Test func `ten thousand WebSockets each receive a broadcast exactly once`() throws {
    try requireDescriptors(10_100)
    // Under a sanitizer, connecting them takes longer than the silence after which the first one is
    // pinged.
    let server = try start("--heartbeat", "10m")
    let clients = try (1...10_000).map { _ in try server.connectWebSocket("/ws") }
    // The handshake is answered before the manager knows the client: a client that has its number
    // has joined.
    let sender = try clients.map { try $0.askWhoAmI() }[0]
    try clients[0].send("broadcast")
    for client in clients { #expect(try client.readText() == "Hello from client \(sender)") }
    // Each client gets a second message: nothing else arrived in between.
    for client in clients { try client.send("x") }
    for client in clients { #expect(try client.readText() == "Echo: x") }
  }

  @Test func `a client that stays receives everything once and in order while others come and go`()
    throws
  {
    let server = try start("--loops", "2")
    let staying = try (1...50).map { _ in try server.connectWebSocket("/ws") }
    let ids = try staying.map { try $0.askWhoAmI() }
    let churn = try Background {
      for round in 1...300 {
        let passing = try server.connectWebSocket("/ws")
        if round % 3 == 0 { try passing.send("broadcast") }
        if round % 2 == 0 { passing.client.reset() }
      }
    }
    for number in 1...100 {
      for receiver in staying.indices {
        try staying[0].send("send \(ids[receiver]) \(number)")
      }
    }
    try churn.wait()
    for client in staying {
      var expected = 1
      while expected <= 100 {
        let text = try client.readText()
        // From a client that joined for a moment.
        if text.hasPrefix("Hello from client") { continue }
        #expect(text == "From client \(ids[0]): \(expected)")
        expected += 1
      }
    }
  }

  @Test func `a /burn on every loop leaves the loops free for other clients`() throws {
    let server = try start("--loops", "1")
    let burning = try server.connect()
    try burning.send(request("/burn?ms=10000"))
    try server.waitUntilRead(burning)
    let webSocket = try server.connectWebSocket("/ws")
    try webSocket.send("x")
    #expect(try webSocket.readText() == "Echo: x")
    #expect(!burning.hasInput())
  }

  @Test func `a client that lets its mailbox overflow is cut off, and the others are not held up`()
    throws
  {
    let server = try start("--outbox", "64KiB", "--loops", "2")
    let (deaf, sender) = (try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws"))
    let id = try deaf.askWhoAmI()
    let large = String(repeating: "x", count: 60_000)
    for _ in 1...200 { try sender.send("send \(id) \(large)") }
    #expect(try sender.readText() == "No client \(id)")
  }

  @Test func `clients that are cut off leave no descriptor behind, whatever they were waiting for`()
    throws
  {
    let server = try start("--loops", "2")
    try server.waitUntilQuiet()
    let before = try server.openDescriptors()
    for _ in 1...20 {
      let reading = try server.connect()
      let sleeping = try server.connect()
      try sleeping.send(request("/?delay=60s"))
      try server.waitUntilRead(sleeping)
      let joined = try server.connectWebSocket("/ws")
      let writing = try server.connectWebSocket("/echo")
      try writing.client.sendUntilFull(
        WebSocketFrame(opcode: WebSocketFrame.binary, payload: .init(repeating: 1, count: 500_000))
          .encoded())
      for client in [reading, sleeping, joined.client, writing.client] { client.reset() }
    }
    try eventually("all descriptors are closed") { try server.openDescriptors() == before }
    #expect(try server.get("/stats").text.contains("\"connectionsOpen\": 1,"))
  }

  @Test
  func `when the grace period ends, remaining clients are canceled and the server exits cleanly`()
    throws
  {
    let server = try start("--grace", "100ms", "--loops", "2")
    let sleeping = try (1...20).map { _ in try server.connect() }
    for client in sleeping { try client.send(request("/?delay=60s")) }
    for client in sleeping { try server.waitUntilRead(client) }
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    for client in sleeping { #expect(client.readToEnd() == "") }
  }
}
