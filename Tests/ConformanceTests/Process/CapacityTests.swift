import Testing

/// How many clients a server serves at a time: the blocking servers differ here by design.
@Suite(.transcribed) struct CapacityTests {
  @Test(
    .enabled(if: !Chapter.limited.isEmpty, "every server serves all its clients at once"),
    arguments: Chapter.limited)
  func `one client more than can be served waits until another leaves`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, chapter.options)
    let served = try (1...#require(chapter.servesAtOnce)).map { _ in try server.connect() }
    for client in served {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }

    let waiting = try server.connect()
    try waiting.send(request("/"))
    try waiting.waitUntilDelivered()
    // The server has everything it needs to answer, and does nothing: it is waiting for the clients
    // that it serves.
    try server.waitUntilQuiet()
    #expect(!waiting.hasInput())
    for client in served {
      try client.send(request("/nope"))
      #expect(try client.readResponse().status == 404)
    }
    try server.waitUntilQuiet()
    #expect(!waiting.hasInput())

    served[0].close()
    #expect(try waiting.readResponse().text == "Hello")
  }

  @Test(
    .enabled(if: !Chapter.limited.isEmpty, "every server serves all its clients at once"),
    arguments: Chapter.limited)
  func `a silent WebSocket occupies a place too`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, chapter.options)
    let served = try (1...#require(chapter.servesAtOnce)).map { _ in
      try server.connectWebSocket("/ws")
    }
    let waiting = try server.connect()
    try waiting.send(request("/"))
    try waiting.waitUntilDelivered()
    try server.waitUntilQuiet()
    #expect(!waiting.hasInput())
    served[0].client.close()
    #expect(try waiting.readResponse().text == "Hello")
  }

  @Test(
    .enabled(if: !Chapter.unlimited.isEmpty, "every server serves a few clients at a time"),
    arguments: Chapter.unlimited)
  func `clients that keep their connections open do not make the others wait`(chapter: Chapter)
    throws
  {
    try chapter.withServer { server in
      let idle = try (1...50).map { _ in try server.connect() }
      let slow = try (1...50).map { _ in try server.connect() }
      for client in slow { try client.send(request("/?delay=60s")) }
      let webSockets = try (1...50).map { _ in try server.connectWebSocket("/ws") }
      #expect(try server.get("/").text == "Hello")
      for client in idle {
        try client.send(request("/"))
        #expect(try client.readResponse().text == "Hello")
      }
      #expect(try Set(webSockets.map { try $0.askWhoAmI() }).count == webSockets.count)
    }
  }

  @Test(
    .enabled(
      if: !Chapter.allCases.filter(\.burnBlocksEveryone).isEmpty, "no server stops for a burn"),
    arguments: Chapter.allCases.filter(\.burnBlocksEveryone))
  func `if one thread does everything, a /burn holds up every other client`(chapter: Chapter) throws
  {
    try chapter.withServer { server in
      let burning = try server.connect()
      try burning.send(request("/burn?ms=100", "Connection: close"))
      try server.waitUntilRead(burning)
      let other = try server.connect()
      try other.send(request("/"))
      #expect(try other.readResponse().text == "Hello")
      #expect(burning.hasInput(), "the other client was answered first")
    }
  }

  @Test(
    .enabled(
      if: !Chapter.allCases.filter { !$0.burnBlocksEveryone }.isEmpty, "a burn stops every server"),
    arguments: Chapter.allCases.filter { !$0.burnBlocksEveryone })
  func `if there are several threads, a /burn does not hold up other clients`(chapter: Chapter)
    throws
  {
    let server = try ServerProcess(chapter)
    let burning = try server.connect()
    try burning.send(request("/burn?ms=10000"))
    try server.waitUntilRead(burning)
    #expect(try server.get("/").text == "Hello")
    #expect(!burning.hasInput(), "the other client was answered last")
  }
}
