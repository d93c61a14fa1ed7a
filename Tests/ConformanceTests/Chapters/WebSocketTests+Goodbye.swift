import Glibc
import Testing

extension WebSocketTests {
  @Test func `a client that does not answer a ping is closed, and one that does stays connected`()
    throws
  {
    let server = try ServerProcess(Chapter("05-WebSocket"), ["--heartbeat", "200ms"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(6)
    for client in clients.prefix(3) { client.pongs = false }
    try swarm.waitUntil("the silent clients are closed and the others are pinged again") {
      clients.prefix(3).allSatisfy(\.hasEnded) && clients.suffix(3).allSatisfy { $0.pings >= 4 }
    }
    #expect(clients.prefix(3).allSatisfy { $0.pings == 1 })
    #expect(clients.suffix(3).allSatisfy { !$0.hasEnded })
    #expect(try swarm.numbers(of: Array(clients.suffix(3))).count == 3)
  }

  @Test(arguments: registries)
  func `a stop sends every client a close frame`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "20s"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(500)
    for client in clients { try client.send("last words") }
    _ = try swarm.numbers(of: clients)
    server.send(signal: SIGTERM)
    try swarm.waitUntil("every client has received a close frame") {
      clients.allSatisfy { $0.closeCode != nil }
    }
    for client in clients {
      #expect(client.closeCode == 1001)
      try client.send(.close(1001))
    }
    try swarm.waitUntil("all connections end") { clients.allSatisfy(\.hasEnded) }
    #expect(try server.waitForExit() == .status(0))
  }

  /// Frames from other clients wait for a client that does not read, and its own message arrives
  /// together with the stop.
  @Test(arguments: registries)
  func `answers to a client that does not read never reach another client`(chapter: Chapter) throws
  {
    let options = PartialWriteTests.tiny + ["--loops", "1", "--outbox", "64MiB"]
    let server = try ServerProcess(chapter, options)
    let deaf = WebSocketClient(try Client(port: server.port, receiveBuffer: 4096))
    try deaf.handshake("/ws")
    let others = try (1...2).map { _ in try server.connectWebSocket("/ws") }
    for other in others { _ = try other.askWhoAmI() }
    // Long enough for the rest to arrive while the server is still sending it.
    let frame = WebSocketFrame.text("broadcast").encoded()
    try others[0].client.send((1...1500).flatMap { _ in frame })
    _ = try others[1].readText()
    try deaf.send("mine")
    server.send(signal: SIGTERM)
    for other in others {
      let isToldAnothers = other.client.readToEnd().contains("mine")
      #expect(!isToldAnothers)
    }
  }
}
