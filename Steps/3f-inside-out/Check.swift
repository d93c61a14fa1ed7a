import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("two requests on one connection") { keepAlive() },
    Part("three requests in one packet, the second for 8 MiB") { pipelined() },
    Part("requests that the session refuses") { refused() },
    Part("a client that leaves is forgotten") { forgets() },
    Part("a slow backend delays only the client that asked") { slowBackend() },
  ]

  static func keepAlive() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", "A gets no answer")
    a.ask("/")
    a.expectReply(
      body: "Hello", "A's second request on the same connection got no answer",
      "After the response, the session returns .read again, to wait for the next request. Keep the "
        + "connection until it returns .finish.")
  }

  static func pipelined() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", "A gets no answer")
    let fields = " HTTP/1.1\r\nHost: check\r\n\r\n"
    a.send("GET /" + fields + "GET /big" + fields + "GET /nothing" + fields)
    server.settle()
    a.expectReply(body: "Hello", "A gets no answer")
    switch a.receive() {
    case .nothing(let bytes) where bytes.isEmpty:
      fail(
        "A sent three requests in one packet, but the second got no answer",
        "All three are in the session, so no event will come for them. When the outbox is empty, "
          + "call next() again, until it returns .read and there is nothing to read.",
        expected: "200 with 8 MiB", happened: "nothing")
    case .reply(let reply) where reply.body.utf8.count == 8 << 20: break
    case let other:
      fail(
        "the second of three answers lost bytes",
        "Keep in the outbox what send did not take, and do not call next() before the outbox is "
          + "empty.",
        expected: "200 with 8 MiB", happened: a.describe(other))
    }
    a.expectReply(404, "the third of three requests got no answer")
  }

  static func refused() {
    let server = Program()
    for (line, status) in [("GET /nothing HTTP/1.1", 404), ("What?", 400)] {
      let a = server.connect("A")
      a.send(line + "\r\nHost: check\r\n\r\n")
      a.expectReply(
        status, "A sent '\(line)', but the answer is not \(status)",
        "The session decides on the answer. The loop only has to carry the bytes.")
    }
  }

  static func forgets() {
    let server = Program()
    server.settle()
    let before = server.descriptors
    let a = server.connect("A")
    a.send("GET / HT")
    a.finishSending()
    a.expectEnd(
      "A has finished sending, but its connection stays open",
      "recv returned 0. Pass that on to the session as an empty piece, and it returns .finish.")
    let b = server.connect("B")
    b.send("GET / HT")
    server.settle()
    b.reset()
    server.settle()
    expect(
      server.descriptors <= before, "B reset its connection, but the server still keeps it",
      "recv returned -1, and errno was not EAGAIN. That ends this client's connection, and no one "
        + "else's.")
  }

  static func slowBackend() {
    let server = Program("--delay", "500ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/")
    server.settle()
    b.ask("/nothing")
    b.expectReply(404, patience: .seconds(2), "B gets no answer")
    if case .reply = a.receive(patience: .zero) {
      fail(
        "A waits for a slow backend, and B has to wait too",
        "The thread sleeps for A, so it cannot serve B. The only place where it may sleep is "
          + "epoll_wait, and step 3g uses that.",
        expected: "B is answered, then A", happened: "A was answered, then B")
    }
  }
}
