import Glibc
import Testing

/// Other things that a client may do: connect and leave in crowds, send little, or find the server
/// stopped.
@Suite struct StrangerTests {
  @Test(arguments: Chapter.allCases)
  func `a thousand clients that connect and vanish leave nothing behind`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    let beginnings = [
      "", "G", "GET / HTTP/1.1\r\nHost: te", request("/"), WebSocketClient.upgrade("/ws"),
    ]
    for number in 0..<1000 {
      let client = try server.connect()
      try client.send(beginnings[number % beginnings.count])
      if number % 2 == 0 { client.close() } else { client.reset() }
    }
    #expect(try server.get("/").text == "Hello")
    try server.expectConnectionsOpen(1)
  }

  @Test(
    arguments: Chapter.allCases,
    [
      ("/", 200), ("/?delay=20ms", 200), ("/burn?ms=1", 200), ("/chat", 200), ("/stats", 200),
      ("/nope", 404),
      ("/ws", 426),
    ])
  func `a client that finished sending still gets its answer`(
    chapter: Chapter, target: (path: String, status: Int)
  ) throws {
    try chapter.withServer { server in
      for request in [request(target.path), request(target.path, "Content-Length: 5") + "hello"] {
        let client = try server.connect()
        try client.send(request)
        client.shutdownWriting()
        #expect(try client.readResponse().status == target.status)
        try client.expectClosed()
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `requests without a path are answered, and the next request is read correctly`(
    chapter: Chapter
  )
    throws
  {
    try chapter.withServer { server in
      let client = try server.connect()
      for (line, status) in [
        ("OPTIONS *", 405), ("CONNECT test:80", 405), ("OPTIONS /", 405),
        ("GET http://test?delay=0ms", 200),
      ] {
        try client.send("\(line) HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try client.readResponse().status == status, "\(line)")
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a server that was stopped and continued serves the clients that connected meanwhile`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      try server.freeze()
      let clients = try (1...20).map { _ in try server.connect() }
      for client in clients { try client.send(request("/", "Connection: close")) }
      server.send(signal: SIGCONT)
      for client in clients {
        #expect(try client.readResponse().text == "Hello")
        try client.expectClosed()
      }
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a server that is stopped and continued during its grace period keeps the rest of it`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--grace", "10m"])
    let client = try server.connect()
    try client.send("GET / HTTP/1.1\r\nHo")
    try server.waitUntilRead(client)
    server.send(signal: SIGTERM)
    try server.waitUntilQuiet()
    try server.freeze()
    server.send(signal: SIGCONT)
    try server.waitUntilQuiet()
    try client.send("st: test\r\n\r\n")
    #expect(try client.readResponse().text == "Hello")
  }

  @Test(arguments: Chapter.allCases)
  func `a deadline that passes while the server is stopped harms no client that was in time`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--header-timeout", "6s"])
    let client = try server.connect()
    try inTime {
      try client.send("GET / HTTP/1.1\r\nHo")
      try server.waitUntilRead(client)
      try server.waitUntilQuiet()
      try server.freeze()
      try client.send("st: test\r\n\r\n")
    }
    #expect(!client.hasInput(within: 6100))
    server.send(signal: SIGCONT)
    #expect(try client.readResponse().text == "Hello")
  }

  @Test(
    .enabled(if: !Chapter.concurrent.isEmpty, Chapter.onlySequential),
    arguments: Chapter.concurrent)
  func `a deadline that passes while the server computes harms no client that was in time`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--idle-timeout", "2s"])
    let (client, other) = (try server.connect(), try server.connect())
    try inTime {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
      try other.send(request("/burn?ms=2500"))
      try server.waitUntilRead(other)
      try client.send(request("/"))
    }
    #expect(try client.readResponse().text == "Hello")
    #expect(try other.readResponse().text == "Hello")
  }

  /// Cancels the test if the machine was too busy for it: the deadline passed before the test was
  /// ready.
  private func inTime(_ body: () throws -> Void) throws {
    let start = ContinuousClock.now
    try body()
    if ContinuousClock.now - start > .seconds(1) { try Test.cancel("the machine is too busy") }
  }
}
