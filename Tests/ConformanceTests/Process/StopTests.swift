import Glibc
import Testing

/// What a server still answers after it is told to stop, and what it does not wait for.
///
/// The rule: clients in the backlog are not accepted. A connection that was accepted reads once
/// more without waiting, answers every complete request (the last one with `Connection: close`),
/// finishes a request of which a part has arrived, and ends. A WebSocket answers the messages of
/// that last read, then sends 1001.
@Suite struct StopTests {
  /// Servers with one thread receive the signal before they look at anything else. In the others,
  /// one thread may accept or answer while another receives the signal, and that comes before the
  /// stop.
  static let oneThread = Chapter.allCases.filter {
    ["01-Sequential", "03-Epoll"].contains($0.name)
  }

  @Test(arguments: Chapter.allCases)
  func `clients in the backlog are not accepted`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    // A stopped process finds the signal and the clients all at once when it continues.
    try server.freeze()
    let clients = try (1...20).map { _ in try server.connect() }
    for client in clients {
      try client.send(request("/"))
      try client.waitUntilDelivered()
    }
    server.send(signal: SIGTERM)
    server.send(signal: SIGCONT)
    for client in clients where Self.oneThread.contains(chapter) {
      #expect(client.readToEnd() == "")
    }
    #expect(try server.waitForExit() == .status(0))
  }

  /// Two requests, one after the other in one packet, reach a server that was told to stop.
  @Test(arguments: Chapter.allCases)
  func
    `pipelined requests that have arrived are answered, and the last answer closes the connection`(
      chapter: Chapter
    ) throws
  {
    let server = try ServerProcess(chapter)
    let client = try connectAndAsk(server)
    try stop(server, after: request("/nope") * 4 + request("/"), of: client)
    for _ in 1...4 {
      let response = try client.readResponse()
      #expect(response.status == 404)
      #expect(response["connection"] == nil)
    }
    let last = try client.readResponse()
    #expect(last.text == "Hello")
    #expect(last["connection"] == "close" || !Self.oneThread.contains(chapter))
    try client.expectClosed()
    #expect(try server.waitForExit() == .status(0))
  }

  /// After `Connection: close` nothing more is processed (RFC 9112 section 9.6).
  @Test(arguments: oneThread)
  func `after a whole request, a part of another is not answered`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--grace", "10m"])
    let client = try connectAndAsk(server)
    try stop(server, after: request("/nope") + "GET / HTTP/1.1\r\nHo", of: client)
    let last = try client.readResponse()
    #expect(last.status == 404)
    #expect(last["connection"] == "close")
    try client.expectClosed()
    #expect(try server.waitForExit() == .status(0))
  }

  @Test(arguments: Chapter.allCases)
  func `messages that have arrived are answered before 1001`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    let webSocket = try server.connectWebSocket("/echo")
    try server.freeze()
    server.send(signal: SIGTERM)
    try webSocket.send(.text("one"), .text("two"), .text("three"))
    try webSocket.client.waitUntilDelivered()
    server.send(signal: SIGCONT)
    for text in ["one", "two", "three"] { #expect(try webSocket.readText() == text) }
    try expectGoingAway(webSocket)
    try webSocket.send(.close(1001))
    try webSocket.client.expectClosed()
    #expect(try server.waitForExit() == .status(0))
  }

  /// A signal interrupts a send(2) that blocks; the answer is still sent, to its last byte.
  @Test(arguments: Chapter.allCases)
  func `a signal does not cut off an answer`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "10m", "--send-timeout", "10m"])
    let client = try server.connect()
    try client.send(request("/chat") * 400)
    // The server waits for the client, which reads nothing.
    try server.waitUntilQuiet()
    try server.signalServingThread(SIGTERM)
    try server.waitUntilQuiet()
    var count = 0
    var isLast = false
    while !isLast, client.hasMore() {
      let response = try client.readResponse()
      #expect(response.status == 200)
      isLast = response["connection"] == "close"
      count += 1
    }
    #expect(count > 100, "fewer than fit into the kernel's buffers")
    #expect(try server.waitForExit() == .status(0))
  }

  /// The server relies on the end of a lingering close: the peer cannot postpone it.
  @Test(arguments: Chapter.allCases)
  func `endless pings do not postpone the end`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "10m"])
    let webSocket = try server.connectWebSocket("/ws")
    #expect(try webSocket.askWhoAmI() == 1)
    server.send(signal: SIGTERM)
    try expectGoingAway(webSocket)
    let reader = try Background { webSocket.client.discardToEnd() }
    let ping = WebSocketFrame(opcode: WebSocketFrame.ping).encoded() * 100
    try eventually("the server hangs up", within: .seconds(20)) {
      do {
        try webSocket.client.send(ping)
        return false
      } catch { return true }
    }
    webSocket.client.shutdownBoth()
    try reader.wait()
    #expect(try server.waitForExit() == .status(0))
  }

  private func connectAndAsk(_ server: ServerProcess) throws -> Client {
    let client = try server.connect()
    try client.send(request("/"))
    #expect(try client.readResponse().text == "Hello")
    return client
  }

  /// The signal and the bytes reach the server at the same time.
  private func stop(_ server: ServerProcess, after text: String, of client: Client) throws {
    try server.freeze()
    server.send(signal: SIGTERM)
    try client.send(text)
    try client.waitUntilDelivered()
    server.send(signal: SIGCONT)
  }

  private func expectGoingAway(_ webSocket: WebSocketClient) throws {
    let close = try webSocket.read()
    #expect(close.opcode == WebSocketFrame.close)
    #expect(close.payload.prefix(2) == [0x03, 0xe9])  // 1001
  }
}
