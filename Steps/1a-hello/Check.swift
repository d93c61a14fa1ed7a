import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("it listens on the port that the command line names") { port() },
    Part("a client that connects receives Hello, and then the connection closes") { hello() },
    Part("it serves one client after another") { loop() },
    Part("a request in the buffer does not turn the close into a reset") { noReset() },
  ]

  static func port() {
    let server = Program()
    expect(
      !server.refusesConnections, "it says that it is listening, but its port refuses connections",
      "The check started it with --port and a number, but nothing is listening on that port. On "
        + "the wire, the most significant byte of a port comes first; this machine stores the "
        + "least significant byte first. Without .bigEndian, 7878 (0x1EC6) becomes 50718 (0xC61E).")
  }

  static func hello() {
    let server = Program()
    let client = server.connect("A")
    client.expectReply(
      body: "Hello", "A connected but did not receive the whole response",
      "A response is a status line, fields, a blank line and as many bytes as Content-Length says. "
        + "Each line ends with \\r\\n. Swift counts \\r\\n as one character, so count the bytes: "
        + "utf8.count.")
    client.expectEnd(
      "A got its response, but the connection stays open",
      "The descriptor that accept(2) returned belongs to you. If you don't close it, the client "
        + "waits for more, and a thousand clients later there are no descriptors left.")
  }

  static func loop() {
    let server = Program()
    for name in ["A", "B", "C"] {
      server.connect(name).expectReply(
        body: "Hello", "\(name) connected and received nothing",
        "A server must keep accepting clients. After close(2), accept the next one.")
    }
  }

  static func noReset() {
    let server = Program()
    let client = server.deliverAtOnce {
      let client = server.connect("A")
      client.ask("/")
      return client
    }
    client.expectReply(body: "Hello", "A sent a request but did not receive the response")
    client.expectEnd(
      "A received Hello, and then a reset instead of a clean close",
      "A's request was still in the server's receive buffer when it called close(2). The kernel "
        + "sends a reset to tell the client that nothing read those bytes, and a reset may "
        + "destroy a response that is still on its way."
    )
  }
}
