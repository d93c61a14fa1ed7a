import Testing

@Suite struct DescriptorTests {
  /// Connections of every kind, ended in every way.
  static let visits: [@Sendable (ServerProcess) throws -> Void] = [
    { _ = try $0.get("/") },
    { try $0.connect().close() },
    { try $0.connect().reset() },
    { server in
      let client = try server.connect()
      try client.send("GET / HT")
      client.reset()
    },
    { server in
      let client = try server.connect()
      try client.send("nonsense\r\n\r\n")
      #expect(try client.readResponse().status == 400)
      try client.expectClosed()
    },
    { server in
      let client = try server.connect()
      try client.send(request("/") + request("/?delay=1ms"))
      client.shutdownWriting()
      for _ in 1...2 { #expect(try client.readResponse().text == "Hello") }
    },
    { server in
      let client = try server.connect()
      try client.send(request("/chat") * 50)
      client.reset()
    },
    { server in
      let webSocket = try server.connectWebSocket("/ws")
      try webSocket.send(.text("broadcast"), .close(1000))
      _ = try webSocket.readText()
      try webSocket.expectClose(1000)
    },
    { try $0.connectWebSocket("/ws").client.close() },
    { try $0.connectWebSocket("/echo").client.reset() },
  ]

  @Test(arguments: Chapter.allCases)
  func `no connection leaves a descriptor behind`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    // Some descriptors are opened at the first use and stay, so the first round does not count.
    for visit in Self.visits { try visit(server) }
    let before = try descriptorsWithOneConnection(server)
    for _ in 1...5 { for visit in Self.visits { try visit(server) } }
    #expect(try descriptorsWithOneConnection(server) == before)
  }

  /// Counts when all earlier connections are closed, which may be after their clients left.
  private func descriptorsWithOneConnection(_ server: ServerProcess) throws -> Int {
    let client = try server.connect()
    try eventually("only one connection is open") {
      try client.send(request("/stats"))
      return try Stats(client.readResponse().text)["connectionsOpen"] == "1"
    }
    try server.waitUntilQuiet()
    return try server.openDescriptors()
  }
}
