import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the client that has been idle longest gives up its place") { idle() },
    Part("a client that is being served keeps its place") { busy() },
    Part("when all clients are being served, a new one is refused") { refused() },
  ]

  static func idle() {
    let server = Program("--clients", "3")
    let clients = ["A", "B", "C"].map { server.connect($0) }
    for client in clients {
      client.ask("/")
      client.expectReply(body: "Hello", "\(client.name) gets no answer")
    }
    let d = server.connect("D")
    d.ask("/")
    d.expectReply(
      body: "Hello", "there are three places and A is idle in one of them, but D is not served")
    for client in clients[1...] {
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(client.name) was disconnected, although A had been idle for longer",
        "The client with the earliest deadline has been idle longest. Disconnect only that one.")
    }
    clients[0].expectEnd(
      "there are three places, but four clients are connected",
      "The kernel limits the number of descriptors of a process (ulimit -n). At the limit, accept "
        + "fails with EMFILE, and with an edge trigger no further event comes for the backlog. "
        + "Stay below the limit, and decide yourself which client to disconnect.")
  }

  static func busy() {
    let server = Program("--clients", "2", "--delay", "300ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/")
    server.settle()
    b.ask("/nothing")
    b.expectReply(404, "B gets no answer")
    let c = server.connect("C")
    c.ask("/nothing")
    c.expectReply(404, "there are two places and B is idle in one of them, but C is not served")
    a.expectReply(
      body: "Hello", patience: .seconds(1), "A waits for its answer, but its place went to C",
      "A is waiting for an answer that the server owes it. Disconnect only a client in the state "
        + "reading: the server owes it nothing.")
  }

  static func refused() {
    let server = Program("--clients", "2", "--delay", "300ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    for client in [a, b] { client.ask("/") }
    server.settle()
    let c = server.connect("C")
    c.expectEnd(
      "two clients in the middle of their requests have the two places, but C gets a third",
      "You cannot free a place, so close the new connection at once. A client that is refused can "
        + "try another server. A client that is kept waiting cannot.")
    for client in [a, b] {
      client.expectReply(
        body: "Hello", patience: .seconds(1),
        "\(client.name) waits for its answer, but was disconnected")
    }
  }
}
