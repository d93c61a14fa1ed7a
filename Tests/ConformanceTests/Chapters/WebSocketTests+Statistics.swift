import Testing

extension WebSocketTests {
  @Test(arguments: registries)
  func `the statistics are short, however many clients and topics there are`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--loops", "2"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(250)
    let name = String(repeating: "\"", count: 120)
    for client in clients { try client.send((0..<64).map { "subscribe \(name)\($0)" }) }
    try swarm.waitUntil("every client has subscribed") {
      clients.allSatisfy { $0.texts.count == 64 }
    }
    let stats = try server.get("/stats").text
    #expect(stats.contains("\"clientsTotal\": 250"))
    #expect(stats.matches(of: #/\{"id"/#).count == 100)
    #expect(stats.utf8.count < 256 << 10)
  }
}
