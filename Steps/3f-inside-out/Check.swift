import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("two requests on one connection") { keepAlive() },
    Part("three requests in one packet, the second for 8 MiB") { pipelined() },
    Part("what the session refuses") { refused() },
    Part("a client that leaves is forgotten") { forgets() },
    Part("a slow backend delays only the client that asked") { slowBackend() },
  ]

  static func keepAlive() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", "A is not answered")
    a.ask("/")
    a.expectReply(
      body: "Hello", "A's second request on the same connection gets no answer",
      "After the response the session says .read again: it waits for the next request. Keep the "
        + "connection until it says .finish.")
  }

  static func pipelined() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", "A is not answered")
    let fields = " HTTP/1.1\r\nHost: check\r\n\r\n"
    a.send("GET /" + fields + "GET /big" + fields + "GET /nothing" + fields)
    server.settle()
    a.expectReply(body: "Hello", "A is not answered")
    switch a.receive() {
    case .nothing(let bytes) where bytes.isEmpty:
      fail(
        "A sent three requests in one packet, and the second gets no answer",
        "All three are in the session, so no event will come for them. When the outbox is empty, "
          + "ask next() again, until it says .read and nothing is there to read.",
        expected: "200 with 8 MiB", happened: "nothing")
    case .reply(let reply) where reply.body.utf8.count == 8 << 20: break
    case let other:
      fail(
        "the second of three answers has lost bytes",
        "What send did not take stays in the outbox. No next() before the outbox is empty.",
        expected: "200 with 8 MiB", happened: a.describe(other))
    }
    a.expectReply(404, "the third of three requests gets no answer")
  }

  static func refused() {
    let server = Program()
    for (line, status) in [("GET /nothing HTTP/1.1", 404), ("What?", 400)] {
      let a = server.connect("A")
      a.send(line + "\r\nHost: check\r\n\r\n")
      a.expectReply(
        status, "A sends '\(line)', and the answer is not \(status)",
        "The session knows the answers. The loop only carries bytes.")
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
      "A has finished, and its connection stays open",
      "recv returned 0. Hand the session no bytes at all: it understands, and says .finish.")
    let b = server.connect("B")
    b.send("GET / HT")
    server.settle()
    b.reset()
    server.settle()
    expect(
      server.descriptors <= before, "B reset its connection, and the server still has it",
      "recv returned -1, and errno was not EAGAIN. An error ends this client, and no other.")
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
        "A waits for a slow backend, and B waits with it",
        "The thread sleeps for A, so it cannot serve B. The only place where it may sleep is "
          + "epoll_wait. Step 3g finds room there.",
        expected: "B is answered, then A", happened: "A was answered, then B")
    }
  }
}
