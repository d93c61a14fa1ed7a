import Testing

extension WebSocketTests {
  @Test(arguments: registries)
  func `a message to a topic reaches its subscribers on every shard and no other client`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--loops", "3"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(12)
    let id = try swarm.numbers(of: clients)[0]
    for (index, client) in clients.enumerated() {
      client.texts = []
      try client.send("subscribe t\(index / 6)")
    }
    try swarm.waitUntil("every client has subscribed") {
      clients.allSatisfy { $0.texts.count == 1 }
    }
    try clients[1].send("unsubscribe t0", "unsubscribe t0", "subscribe t9")
    try swarm.waitUntil("one client has changed its subscriptions") { clients[1].texts.count == 4 }
    #expect(
      clients[1].texts.dropFirst() == [
        "Unsubscribed from t0", "Unsubscribed from t0", "Subscribed to t9",
      ])
    try clients[0].send(
      "publish t0 sun", "publish t1 rain  and wind", "publish unknown x", "publish t0", "done")
    try swarm.waitUntil("the publisher has its answers") { clients[0].texts.last == "Echo: done" }
    _ = try swarm.numbers(of: clients)
    for (index, client) in clients.enumerated() {
      let expected =
        index == 1
        ? []
        : index < 6 ? ["From client \(id) to t0: sun"] : ["From client \(id) to t1: rain  and wind"]
      #expect(client.texts.filter { $0.hasPrefix("From") } == expected)
    }
    #expect(clients[0].texts.contains("Echo: publish t0"))
  }

  @Test(arguments: registries)
  func `the statistics show the state of every client`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--loops", "2"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(3)
    let ids = try swarm.numbers(of: clients)
    try clients[2].send("subscribe b", "subscribe a\"\\", "broadcast")
    try swarm.waitUntil("the broadcast has arrived") {
      clients.allSatisfy { $0.texts.last?.hasPrefix("Hello") == true }
    }
    let stats = try server.get("/stats").text
    #expect(stats.contains("\"clientsTotal\": 3"))
    #expect(stats.contains("\"broadcasts\": 1"))
    #expect(stats.contains("\"deliveries\": 3"))
    #expect(stats.contains("{\"id\": \(ids[0]), \"topics\": [], \"connectedSeconds\": "))
    #expect(
      stats.contains(
        "{\"id\": \(ids[2]), \"topics\": [\"a\\\"\\\\\", \"b\"], \"connectedSeconds\": "))
    #expect(stats.contains("\"messagesIn\": 4, \"messagesOut\": 4}"))
    swarm.hangUp(clients[0])
    try swarm.waitUntil("one client has left") { (try? server.statistic("clientsTotal")) == 2 }
  }

  @Test func `a client can subscribe to 64 topics and no more`() throws {
    let swarm = try Swarm(ServerProcess(Chapter("05-WebSocket")))
    let client = try swarm.connect(1)[0]
    try client.send((0...64).map { "subscribe \($0)" } + ["subscribe 5"])
    try swarm.waitUntil("all answers have arrived") { client.texts.count == 66 }
    #expect(client.texts.suffix(3) == ["Subscribed to 63", "Too many topics", "Subscribed to 5"])
  }
}
