import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a silent client holds up no other, and is answered when it speaks") { answers() },
    Part("a client that leaves is forgotten") { forgets() },
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
  ]

  static let request = "GET / HTTP/1.1\r\nHost: check\r\n\r\n"

  static func answers() {
    let (_, a, b) = silentAndRequest()
    b.expectReply(
      body: "Hello", "B waits for A, which says nothing",
      "The only thread is blocked in a call for A: in recv, if A's socket is blocking. With O_NONBLOCK on A's socket, recv "
        + "would say EAGAIN, and the thread could continue with B.")
    a.send(request)
    switch a.receive() {
    case .reply(let reply) where reply.body == "Hello": return
    case .end, .reset:
      fail(
        "the connection to A was closed, and A has only been slow",
        "recv returned -1, and that is not the end. If errno is EAGAIN, nothing has arrived yet: keep the client, and ask "
          + "again later.")
    case let other:
      fail(
        "A is not answered when it speaks at last",
        "Once B was served, the thread never came back to A. Either it forgot A, or it is blocked in accept: the listener "
          + "is a socket, too, and also needs O_NONBLOCK.", expected: "A gets 200 with \"Hello\"",
        happened: a.describe(other))
    }
  }

  static func forgets() {
    let server = Program()
    let before = server.descriptors
    let a = server.connect("A")
    a.finishSending()
    a.expectEnd(
      "A has finished, and its connection stays open",
      "recv returns 0 when the client has finished, every time you ask from now on. A server that takes it for \"nothing yet\" "
        + "keeps a descriptor for every client that ever came, until there are none left.")
    expect(
      server.descriptors <= before, "a closed connection still has a descriptor",
      "close() is missing, or the array still has the number.")
  }

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    let used = server.cpuTime(during: .milliseconds(500))
    a.hangUp()
    expect(
      used < .milliseconds(20), "A is silent, and the server computes all the time",
      "It asks \"anything now?\" a million times a second, and the answer is EAGAIN. That is called polling, or spinning: it "
        + "costs a whole core, and none of it serves a client. Step 3b lets the kernel say when there is something to do.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }

  /// A is silent and B sends a request. The server is held meanwhile, so it finds both when it looks.
  static func silentAndRequest() -> (Program, Client, Client) {
    let server = Program()
    server.signal(SIGSTOP)
    let (a, b) = (server.connect("A"), server.connect("B"))
    b.send(request)
    server.signal(SIGCONT)
    return (server, a, b)
  }
}
