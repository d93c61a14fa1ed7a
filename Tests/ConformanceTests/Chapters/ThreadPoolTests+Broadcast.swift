import Glibc
import Testing

/// Several workers write to one client.
extension ThreadPoolTests {
  @Test func `no message follows close code 1001, even if other clients broadcast during a stop`()
    throws
  {
    let server = try start("--grace", "10m")
    let receiver = try server.connectWebSocket("/ws")
    let sender = try server.connectWebSocket("/ws")
    _ = try receiver.askWhoAmI()
    try sender.send("broadcast")
    #expect(try receiver.readText().hasPrefix("Hello from client"))
    // A stopped process finds all of it at once when it continues.
    try server.freeze()
    try sender.client.send(WebSocketFrame.text("broadcast").encoded() * 2000)
    try sender.client.waitUntilDelivered()
    server.send(signal: SIGTERM)
    server.send(signal: SIGCONT)
    var frame = try receiver.read()
    while frame.opcode == WebSocketFrame.text { frame = try receiver.read() }
    #expect(frame.opcode == WebSocketFrame.close)
    try receiver.send(.close(1001))
    try receiver.client.expectClosed()
    sender.client.reset()
    #expect(try server.waitForExit() == .status(0))
  }

  @Test
  func `a broadcast does not cut short the lingering close of a client that broke the protocol`()
    throws
  {
    let server = try start()
    let offender = try server.connectWebSocket("/ws")
    let sender = try server.connectWebSocket("/ws")
    _ = try offender.askWhoAmI()
    try offender.send(WebSocketFrame(reserved: 7, opcode: WebSocketFrame.text))
    #expect(try offender.read().payload.prefix(2) == [0x03, 0xea])  // 1002
    // The sender's own copy of the second broadcast shows that the first one has reached every
    // client.
    for _ in 1...2 {
      try sender.send("broadcast")
      #expect(try sender.readText().hasPrefix("Hello from client"))
    }
    try server.waitUntilQuiet()
    #expect(try server.statistic("connectionsOpen") == 3)
    try offender.client.expectClosed()
  }

  @Test
  func
    `a client that closed its WebSocket is gone, even while a broadcast waits for another client`()
    throws
  {
    let server = try start("--send-timeout", "10m")
    let deaf = try server.connectWebSocket("/ws")
    let id = try deaf.askWhoAmI()
    let (filler, sender) = (
      try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws")
    )
    let leavers = try (1...4).map { _ in try server.connectWebSocket("/ws") }
    for leaver in leavers { _ = try leaver.askWhoAmI() }
    let large = String(repeating: "x", count: 1_000_000)
    let writer = try Background { for _ in 1...16 { try filler.send("send \(id) \(large)") } }
    try server.waitUntilQuiet()
    try sender.send("broadcast")
    try server.waitUntilQuiet()
    for leaver in leavers {
      try leaver.send(.close(1000))
      var frame = try leaver.read()
      if frame.opcode == WebSocketFrame.text { frame = try leaver.read() }
      #expect(frame.opcode == WebSocketFrame.close)
      #expect(leaver.client.hasInput(within: 20_000), "the end of the stream")
      try leaver.client.expectClosed()
    }
    deaf.client.reset()
    try writer.wait()
  }

  @Test func `after half a frame the client receives nothing more`() throws {
    let server = try start("--send-timeout", "500ms", "--send-buffer", "4KiB")
    let receiver = try WebSocketClient(Client(port: server.port, receiveBuffer: 4096))
    try receiver.handshake("/ws")
    _ = try receiver.askWhoAmI()
    let sender = try server.connectWebSocket("/ws")
    try receiver.send(String(repeating: "x", count: 500_000))
    try server.waitUntilQuiet()
    try sender.send("broadcast")  // Waits until the receiver's own worker gives up.
    try eventually("the receiver's worker gives up") {
      try server.statistic("connectionsOpen") == 2
    }
    #expect(!receiver.client.readToEnd().contains("Hello from client"))
  }

  @Test func `a client that hangs up during a pause frees its worker`() throws {
    let server = try start("--workers", "1")
    let minute = try TestedProgram(executable: "/bin/sleep", arguments: ["50"])
    let client = try server.connect()
    try client.send(request("/?delay=60s"))
    try server.waitUntilRead(client)
    client.reset()
    #expect(try server.get("/").text == "Hello")
    #expect(minute.isRunning, "the worker waited for the end of the pause")
  }
}
