import Testing

/// Slow clients are disconnected. The tests check lower bounds only: a busy machine may notice a
/// deadline late.
@Suite(.transcribed) struct DeadlineTests {
  static let options = ["--header-timeout", "300ms"]

  @Test(arguments: Chapter.allCases)
  func `half a request gets 408 at the header deadline`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.options)
    for half in ["G", "GET / HTTP/1.1\r\nHost: te", "GET / HTTP/1.1\r\nHost: test\r\n\r"] {
      let start = ContinuousClock.now
      let client = try server.connect()
      try client.send(half)
      let response = try client.readResponse()
      #expect(ContinuousClock.now - start >= .milliseconds(300))
      #expect(response.status == 408)
      #expect(response["connection"] == "close")
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `half of a second request gets 408 too`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.options)
    let client = try server.connect()
    try client.send(request("/") + "GET / HT")
    #expect(try client.readResponse().text == "Hello")
    #expect(try client.readResponse().status == 408)
    try client.expectClosed()
  }

  @Test(arguments: Chapter.allCases)
  func `a connection that never sends a byte is closed without an answer`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.options)
    let start = ContinuousClock.now
    let client = try server.connect()
    try client.expectClosed()
    #expect(ContinuousClock.now - start >= .milliseconds(300))
  }

  @Test(arguments: Chapter.allCases)
  func `a client that drips is cut off, although it is never silent for long`(chapter: Chapter)
    throws
  {
    let server = try ServerProcess(chapter, Self.options)
    let client = try server.connect()
    try client.send("GET / HTTP/1.1\r\nHost: test\r\nDrip: ")
    // A byte every 20 ms for 10 s: a deadline that restarts with each byte would never arrive.
    var drops = 0
    while !client.hasInput(within: 20), drops < 500 {
      try client.send("a")
      drops += 1
    }
    #expect(drops < 500)
    #expect(try client.readResponse().status == 408)
  }

  @Test(arguments: Chapter.allCases)
  func `half a body gets 408 if no more bytes arrive`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--body-timeout", "300ms"])
    let client = try server.connect()
    try client.send(request("/", "Content-Length: 10") + "hello")
    #expect(try client.readResponse().status == 408)
    try client.expectClosed()
  }

  @Test(arguments: Chapter.allCases)
  func `an idle connection is closed without an answer`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--idle-timeout", "300ms"])
    let client = try server.connect()
    let start = ContinuousClock.now
    try client.send(request("/"))
    #expect(try client.readResponse().text == "Hello")
    try client.expectClosed()
    #expect(ContinuousClock.now - start >= .milliseconds(300))
  }

  @Test(arguments: Chapter.allCases)
  func `the time that an answer takes does not count against the client`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.options + ["--idle-timeout", "300ms"])
    let client = try server.connect()
    try client.send(request("/?delay=400ms") + request("/?delay=400ms"))
    #expect(try client.readResponse().text == "Hello")
    #expect(try client.readResponse().text == "Hello")
  }

  @Test(arguments: Chapter.allCases)
  func `a silent WebSocket is pinged, and closed if it stays silent`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--heartbeat", "300ms"])
    let start = ContinuousClock.now
    let webSocket = try server.connectWebSocket("/echo")
    for _ in 1...2 {
      let ping = try webSocket.read()
      #expect(ping.opcode == WebSocketFrame.ping)
      try webSocket.send(WebSocketFrame(opcode: WebSocketFrame.pong, payload: ping.payload))
    }
    #expect(try webSocket.read().opcode == WebSocketFrame.ping)
    try webSocket.client.expectClosed()
    #expect(ContinuousClock.now - start >= .milliseconds(4 * 300))
  }

  @Test(arguments: Chapter.allCases)
  func `the header deadline no longer applies after the WebSocket handshake`(chapter: Chapter)
    throws
  {
    let server = try ServerProcess(chapter, Self.options)
    let webSocket = try server.connectWebSocket("/echo")
    #expect(!webSocket.client.hasInput(within: 400))
    try webSocket.send("still here")
    #expect(try webSocket.readText() == "still here")
  }
}
