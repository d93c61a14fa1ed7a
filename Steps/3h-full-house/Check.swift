import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the client that has been idle longest gives up its place") { idle() },
    Part("a client that is being served keeps its place") { busy() },
    Part("when all are being served, a new client is refused") { refused() },
  ]

  static func idle() {
    let server = Program("--clients", "3")
    let clients = ["A", "B", "C"].map { server.connect($0) }
    for client in clients {
      client.ask("/")
      client.expectReply(body: "Hello", "\(client.name) is not answered")
    }
    let d = server.connect("D")
    d.ask("/")
    d.expectReply(
      body: "Hello", "there are three places, A has one and does nothing, and D is not served")
    for client in clients[1...] {
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(client.name) had to go, and A was idle for longer",
        "The client whose deadline comes first has waited longest. One place is enough.")
    }
    clients[0].expectEnd(
      "there are three places, and four clients have one",
      "The kernel gives a process so many descriptors and no more (ulimit -n). At the limit, accept "
        + "fails with EMFILE, and with an edge trigger no event comes again for the backlog. Stay "
        + "below, and decide yourself who has to go.")
  }

  static func busy() {
    let server = Program("--clients", "2", "--delay", "300ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/")
    server.settle()
    b.ask("/nothing")
    b.expectReply(404, "B is not answered")
    let c = server.connect("C")
    c.ask("/nothing")
    c.expectReply(404, "there are two places, B does nothing, and C is not served")
    a.expectReply(
      body: "Hello", patience: .seconds(1), "A waits for its answer, and its place went to C",
      "A has asked and trusts you. Only a client that waits for nothing, in state reading, may go.")
  }

  static func refused() {
    let server = Program("--clients", "2", "--delay", "300ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    for client in [a, b] { client.ask("/") }
    server.settle()
    let c = server.connect("C")
    c.expectEnd(
      "two places, two clients in the middle of a request, and C gets a third place",
      "No place can be made, so say it at once: close. A client that is refused can go elsewhere; "
        + "one that is kept waiting cannot.")
    for client in [a, b] {
      client.expectReply(
        body: "Hello", patience: .seconds(1), "\(client.name) waits for its answer, and had to go")
    }
  }
}
