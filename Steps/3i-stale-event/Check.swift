import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("an event for a closed connection does not reach another connection") { stale() },
    Part("a number that is reused belongs to the new client") { again() },
  ]

  static func stale() {
    let server = Program("--clients", "2", "--delay", "300ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    for client in [a, b] {
      client.ask("/")
      client.expectReply(body: "Hello", patience: .seconds(1), "\(client.name) gets no answer")
    }
    server.settle()
    // All of this arrives in one batch of events, in this order: the listener, then A.
    server.signal(SIGSTOP)
    let (c, d) = (server.connect("C"), server.connect("D"))
    c.ask("/")
    d.ask("/")
    a.reset()
    server.signal(SIGCONT)
    for client in [c, d] {
      client.expectReply(
        body: "Hello", patience: .seconds(1), "\(client.name) is disconnected because A left",
        "One epoll_wait reported \"clients at the listener\" and \"A is gone\". For the first, the "
          + "server accepted C and closed A to make room, then accepted D, which got A's number. "
          + "The second event, which still carries that number, then hit D.")
    }
  }

  static func again() {
    let server = Program("--clients", "2")
    let first = server.connect("the first client")
    server.settle()
    first.ask("/")
    first.expectReply(
      body: "Hello", "the first client is connected, but its request gets no answer",
      "The server mistakes its events for the listener's. 0 is the listener's token, so start the "
        + "clients' tokens at 1.")
    for round in 1...20 {
      let client = server.connect("client \(round)")
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(client.name) gets no answer",
        "Every connection needs its own token, even after twenty others: keep counting up, and "
          + "never reuse one.")
    }
  }
}
