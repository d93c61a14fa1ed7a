import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a silent client does not hold up the others, and gets an answer when it speaks") {
      answers()
    },
    Part("a client that leaves is forgotten") { forgets() },
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
  ]

  static let request = "GET / HTTP/1.1\r\nHost: check\r\n\r\n"

  static func answers() {
    let (_, a, b) = silentAndRequest()
    b.expectReply(
      body: "Hello", "B has to wait for A, which says nothing",
      "The only thread is blocked in recv, waiting for A. With O_NONBLOCK on A's socket, recv "
        + "would return -1 with EAGAIN, and the thread could continue with B.")
    a.send(request)
    switch a.receive() {
    case .reply(let reply) where reply.body == "Hello": return
    case .end, .reset:
      fail(
        "the server closed A's connection, but A was only slow",
        "recv returned -1, which does not always mean that the client is gone. If errno is EAGAIN, "
          + "nothing has arrived yet: keep the client, and try again later.")
    case let other:
      fail(
        "A finally sends its request, but gets no answer",
        "After it served B, the thread never came back to A. Either it forgot A, or it is blocked "
          + "in accept: the listener is a socket too, and needs O_NONBLOCK as well.",
        expected: "A gets 200 with \"Hello\"",
        happened: a.describe(other))
    }
  }

  static func forgets() {
    let server = Program()
    let before = server.descriptors
    let a = server.connect("A")
    a.finishSending()
    a.expectEnd(
      "A has finished sending, but its connection stays open",
      "recv returns 0 when the client has finished, and again every time you call it. A server "
        + "that takes 0 for \"nothing yet\" keeps a descriptor for every client that ever "
        + "connected, until none are left.")
    expect(
      server.descriptors <= before, "a closed connection still has a descriptor",
      "Either close() was not called, or the array still contains the descriptor.")
  }

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    let used = server.cpuTime(during: .milliseconds(500))
    a.hangUp()
    expect(
      used < .milliseconds(20), "A is silent, but the server uses the CPU all the time",
      "It asks \"anything now?\" a million times a second, and the answer is always EAGAIN. This "
        + "is called polling, or spinning: it costs a whole core and serves no client. Step 3b "
        + "lets the kernel say when there is something to do.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }

  /// A is silent and B sends a request. The server is stopped until both have arrived, so it finds
  /// them at once.
  static func silentAndRequest() -> (Program, Client, Client) {
    let server = Program()
    server.signal(SIGSTOP)
    let (a, b) = (server.connect("A"), server.connect("B"))
    b.send(request)
    server.signal(SIGCONT)
    return (server, a, b)
  }
}
