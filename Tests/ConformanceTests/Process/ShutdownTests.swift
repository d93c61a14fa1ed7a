import Glibc
import Testing

/// SIGTERM and SIGINT: the server finishes what is in flight, closes what is idle, and exits with
/// 0.
@Suite(.transcribed) struct ShutdownTests {
  static let signals: [Int32] = [SIGTERM, SIGINT]

  @Test(arguments: Chapter.allCases, signals)
  func `an idle server exits with 0`(chapter: Chapter, signal: Int32) throws {
    let server = try ServerProcess(chapter)
    server.send(signal: signal)
    #expect(try server.waitForExit() == .status(0))

    let experienced = try ServerProcess(chapter)
    _ = try experienced.get("/")
    experienced.send(signal: signal)
    #expect(try experienced.waitForExit() == .status(0))
  }

  @Test(arguments: Chapter.allCases, signals)
  func `a signal that the parent process had blocked still stops the server`(
    chapter: Chapter, signal: Int32
  ) throws {
    let blocking = "set -- env --block-signal=TERM,INT \"$@\""
    let child = try ServerProcess.launch(chapter, ["--port", "0"], limits: [blocking])
    _ = try child.standardOutput.readLine()
    child.send(signal: signal)
    #expect(try child.waitForExit().exit == .status(0))
  }

  @Test(arguments: Chapter.allCases, signals)
  func `a request that is being answered gets its complete answer`(
    chapter: Chapter, signal: Int32
  ) throws {
    let server = try ServerProcess(chapter)
    let client = try server.connect()
    try client.send(request("/?delay=300ms"))
    try server.waitUntilRead(client)
    server.send(signal: signal)
    #expect(try client.readResponse().text == "Hello")
    try client.expectClosed()
    #expect(try server.waitForExit() == .status(0))
  }

  @Test(arguments: Chapter.allCases)
  func `a request that has half arrived can be completed`(chapter: Chapter) throws {
    let text = Array(request("/", "Content-Length: 5").utf8) + Array("hello".utf8)
    for half in [1, text.count / 2, text.count - 2] {
      let server = try ServerProcess(chapter, ["--grace", "60s", "--header-timeout", "60s"])
      let client = try server.connect()
      try client.send(Array(text[..<half]))
      try server.waitUntilRead(client)
      server.send(signal: SIGTERM)
      try server.waitUntilQuiet()
      try client.send(Array(text[half...]))
      let response = try client.readResponse()
      #expect(response.text == "Hello")
      #expect(response["connection"] == "close")
      try client.expectClosed()
      #expect(try server.waitForExit() == .status(0))
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an idle connection is closed without an answer`(chapter: Chapter) throws {
    for requests in [0, 1] {
      let server = try ServerProcess(chapter, ["--idle-timeout", "60s", "--grace", "60s"])
      let client = try server.connect()
      for _ in 0..<requests {
        try client.send(request("/"))
        #expect(try client.readResponse().text == "Hello")
      }
      try server.waitUntilRead(client)
      server.send(signal: SIGTERM)
      try client.expectClosed()
      #expect(try server.waitForExit() == .status(0))
    }
  }

  @Test(arguments: Chapter.allCases, ["/ws", "/echo"])
  func `a WebSocket gets close code 1001`(chapter: Chapter, path: String) throws {
    let server = try ServerProcess(chapter, ["--grace", "60s"])
    let webSocket = try server.connectWebSocket(path)
    try webSocket.send("hello")
    #expect(try webSocket.readText().hasSuffix("hello"))
    server.send(signal: SIGTERM)
    let close = try webSocket.read()
    #expect(close.opcode == WebSocketFrame.close)
    #expect(close.payload.prefix(2) == [0x03, 0xe9])  // 1001
    try webSocket.send(.close(1001))
    try webSocket.client.expectClosed()
    #expect(try server.waitForExit() == .status(0))
  }

  @Test(
    .enabled(if: !Chapter.concurrent.isEmpty, Chapter.onlySequential),
    arguments: Chapter.concurrent)
  func `requests that arrive with the signal are answered, each to its own client`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    let clients = try (1...4).map { _ in try server.connect() }
    for client in clients {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    // A stopped process finds the signal and the requests all at once when it continues.
    try server.freeze()
    server.send(signal: SIGTERM)
    for client in clients {
      try client.send(request("/nowhere"))
      try client.waitUntilDelivered()
    }
    server.send(signal: SIGCONT)
    for client in clients {
      let answer = client.readToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 404 "))
      #expect(answer.ranges(of: "HTTP/1.1 ").count == 1, "\(answer)")
    }
    #expect(try server.waitForExit() == .status(0))
  }

  @Test(arguments: Chapter.allCases)
  func `the grace period ends what does not end by itself`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "200ms"])
    let client = try server.connect()
    try client.send(request("/?delay=60s"))
    try server.waitUntilRead(client)
    let start = ContinuousClock.now
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    #expect(ContinuousClock.now - start >= .milliseconds(200))
    #expect(!client.readToEnd().contains("Hello"))
  }

  @Test(arguments: Chapter.allCases, signals)
  func `a second signal ends the server at once`(chapter: Chapter, second: Int32) throws {
    let server = try ServerProcess(chapter, ["--grace", "60s"])
    let client = try server.connect()
    try client.send(request("/?delay=60s"))
    try server.waitUntilRead(client)
    server.send(signal: SIGTERM)
    // Two equal signals that are pending at once count as one (signal(7)).
    try server.waitUntilQuiet()
    #expect(server.child.isRunning)
    server.send(signal: second)
    #expect(try server.waitForExit() != .status(0))
  }

  @Test(arguments: Chapter.allCases)
  func `a stopping server accepts no new connections`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "60s"])
    let client = try server.connect()
    try client.send(request("/?delay=60s"))
    try server.waitUntilRead(client)
    server.send(signal: SIGTERM)
    try server.waitUntilQuiet()
    // The connection is refused, hung up on, or left in the backlog.
    if let late = try? server.connect() {
      try? late.send(request("/"))
      try? late.waitUntilDelivered()
      try server.waitUntilQuiet()
      if late.hasInput() { #expect(late.readToEnd() == "") }
    }
  }

  @Test(
    .enabled(if: !Chapter.concurrent.isEmpty, Chapter.onlySequential),
    arguments: Chapter.concurrent)
  func `every client gets the answer that it was waiting for`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    let clients = try (1...3).map { _ in try server.connect() }
    for client in clients { try client.send(request("/?delay=300ms")) }
    for client in clients { try server.waitUntilRead(client) }
    let webSocket = try server.connectWebSocket("/ws")
    server.send(signal: SIGTERM)
    #expect(try webSocket.read().opcode == WebSocketFrame.close)
    webSocket.client.close()
    for client in clients { #expect(try client.readResponse().text == "Hello") }
    for client in clients { try client.expectClosed() }
    #expect(try server.waitForExit() == .status(0))
  }
}
