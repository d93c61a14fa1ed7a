import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("an idle server exits with status 0 on SIGTERM") { idle() },
    Part("a request in flight when SIGTERM arrives gets its response") { inFlight() },
    Part("an idle connection is closed on SIGTERM") { connection() },
    Part("a WebSocket is closed with 1001 on SIGTERM") { webSocket() },
    Part("the server can be restarted at once on the same port") { again() },
  ]

  static func expectExit(_ server: Program) {
    let exit = server.waitForExit()
    expect(
      exit == .code(0), "the server did not exit with status 0 after SIGTERM",
      "A supervisor treats any other status as a crash and starts the server again.",
      expected: "it exited with code 0", happened: "\(exit)")
  }

  static func idle() {
    let server = Program()
    server.signal(SIGTERM)
    expectExit(server)
  }

  static func inFlight() {
    let server = Program("--delay", "500ms")
    let client = server.connect("A")
    client.send(request())
    client.settle()
    server.signal(SIGTERM)
    client.expectReply(
      200, body: "Hello", patience: .seconds(5),
      "a request in flight when SIGTERM arrived got no answer",
      "The server was started with --delay 500ms, and the signal arrived during the delay. The "
        + "server had already received the request, so it must answer it before it exits.")
    expectExit(server)
  }

  static func connection() {
    let server = Program()
    let client = server.connect("A")
    client.send(request())
    client.expectReply(200, body: "Hello", "GET / did not get the response Hello")
    server.signal(SIGTERM)
    client.expectEnd(
      patience: .seconds(5), "an idle connection stayed open after SIGTERM",
      "An idle client may wait for hours. The server must not wait for it.")
    expectExit(server)
  }

  static func webSocket() {
    let server = Program()
    let peer = WebSocketPeer("A", "/ws", server)
    peer.send("hello")
    peer.expectText("Echo: hello", "a text on /ws was not echoed", "")
    server.signal(SIGTERM)
    peer.expectClose(
      1001, "a WebSocket was not closed with 1001 on SIGTERM",
      "1001 tells the client that the server is going away, so the client may connect to another "
        + "one.")
    peer.send(WebSocketPeer.close, [0x03, 0xE9])
    expectExit(server)
  }

  static func again() {
    let first = Program()
    let client = first.connect("A")
    client.send(request())
    client.expectReply(200, body: "Hello", "GET / did not get the response Hello")
    first.signal(SIGTERM)
    _ = first.waitForExit()
    // The first server closed the connection, so the port stays in TIME_WAIT for a minute.
    // SO_REUSEADDR makes it usable at once.
    let second = Program(port: first.port)
    let next = second.connect("B")
    next.send(request())
    next.expectReply(200, body: "Hello", "the restarted server did not answer")
  }
}
