import Testing

extension WebSocketTests {
  static let many = 15_000

  @Test(arguments: registries)
  func `fifteen thousand clients are connected at once, each with its own number`(chapter: Chapter)
    throws
  {
    try requireDescriptors(UInt(Self.many) + 500)
    let server = try ServerProcess(chapter, ["--header-timeout", "5m"])
    let swarm = try Swarm(server)
    var clients: [SwarmClient] = []
    for number in 0..<Self.many {
      clients.append(try swarm.connect(from: 0x7f00_0002 + UInt32(number / 5000)))
      if number % 500 == 499 {
        try swarm.waitUntil("all WebSockets are open") { clients.suffix(500).allSatisfy(\.isOpen) }
      }
    }
    #expect(Set(try swarm.numbers(of: clients)).count == Self.many)
    #expect(try server.statistic("clientsTotal") == Self.many)
    for client in clients { client.texts = [] }
    try clients[0].send("broadcast")
    try swarm.waitUntil("every client has received the broadcast") {
      clients.allSatisfy { !$0.texts.isEmpty }
    }
    #expect(Set(clients.map(\.texts)).count == 1)
  }
}
