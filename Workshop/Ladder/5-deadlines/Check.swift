import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that sends half a request is answered with 408 and disconnected") { half() },
    Part("a client that keeps sending single bytes does not move that deadline") { drip() },
    Part("a client that sends nothing is disconnected without a response") { silent() },
    Part("a connection that waits too long for its next request is closed") { idle() },
  ]

  /// The time to wait, longer than the deadlines that the server is started with.
  static let patience = Duration.seconds(5)

  static func server() -> Program {
    Program("--header-timeout", "500ms", "--idle-timeout", "500ms")
  }

  static func half() {
    let client = server().connect("A")
    client.send("GET / HTTP/1.1\r\n")
    client.expectReply(
      408, patience: patience, "half a request did not get a 408 after --header-timeout",
      "The server was started with --header-timeout 500ms. Without a deadline, a client that stops "
        + "in the middle of a request holds its connection forever.")
    client.expectEnd("the connection stayed open after a 408")
  }

  static func drip() {
    let client = server().connect("A")
    client.send("GET / HTTP/1.1\r\nX: ")
    for _ in 1...40 {
      client.send("a")
      switch client.receive(patience: .milliseconds(100)) {
      case .nothing: continue
      case .reply(let reply) where reply.status == 408: return
      case .end, .reset: return
      case let other:
        fail(
          "a client that sent single bytes was not disconnected", happened: client.describe(other))
      }
    }
    fail(
      "a client that sent a byte every tenth of a second kept its connection",
      "The deadline must count from the first byte of the request, not from the latest one. "
        + "Otherwise a few hundred such clients occupy the whole server. This attack is called "
        + "slowloris.",
      expected: "408 or the end of the connection after 500 ms", happened: "still open after 4 s")
  }

  static func silent() {
    let client = server().connect("A")
    client.expectEnd(
      patience: patience, "a client that sent nothing stayed connected",
      "The server was started with --idle-timeout 500ms. There is no request to answer, so just "
        + "close the connection."
    )
  }

  static func idle() {
    let client = server().connect("A")
    client.send(request())
    client.expectReply(200, body: "Hello", "GET / did not get the response Hello")
    client.expectEnd(
      patience: patience, "an idle connection stayed open after its response",
      "The server was started with --idle-timeout 500ms. Keep-alive holds a connection open for a "
        + "while, not forever.")
  }
}
