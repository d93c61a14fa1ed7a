import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("an answer of 8 MiB arrives down to the last byte") { big() },
    Part("a client that does not read does not hold up the others") { slow() },
    Part("a client that leaves in the middle of its answer is forgotten") { leaves() },
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
  ]

  static let size = 8 << 20

  static func big() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/big")
    let body = "H" + read(a, "the end of the answer is missing")
    expect(
      body == String(repeating: "Hello...", count: size / 8),
      "the answer has the right length but the wrong bytes",
      "After a short write, continue with the first byte that the kernel did not take.")
  }

  /// Reads an answer of 8 MiB to the end.
  static func read(_ client: Client, _ problem: String) -> String {
    let body = client.rest().drop { $0 != "H" }.dropFirst().drop { $0 != "H" }.dropFirst()
    expect(
      body.utf8.count == size - 1, problem,
      "send takes what fits into the kernel's buffer and returns that number. You have to keep the "
        + "rest: wait for EPOLLOUT, and continue where you stopped. -1 with EAGAIN means that "
        + "nothing fits now, not that the client is gone.",
      expected: "\(size) bytes", happened: "\(body.utf8.count + 1) bytes")
    return String(body)
  }

  static func slow() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/big")
    b.ask("/")
    b.expectReply(
      body: "Hello", "A does not read, and B has to wait for it",
      "A loop that writes everything does not end until the client has read everything. In chapter "
        + "1 it blocked one thread for one client. Here it holds the only thread for as long as A "
        + "likes.")
    a.finishSending()
    let c = server.connect("C")
    c.ask("/")
    c.expectReply(body: "Hello", "A finishes sending, and C gets no answer")
    _ = read(a, "A finishes sending, and its answer is cut off")
  }

  static func leaves() {
    let server = Program()
    server.settle()
    let before = server.descriptors
    let a = server.connect("A")
    a.ask("/big")
    expect(!a.bytes(1).isEmpty, "A gets no answer to GET /big")
    a.reset()
    server.settle()
    expect(server.isRunning, "A left in the middle of its answer, and the server died")
    expect(
      server.descriptors <= before,
      "A left in the middle of its answer, but its connection is still open",
      "send returned -1, and errno was not EAGAIN: ECONNRESET or EPIPE. This client is gone.")
  }

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    let used = server.cpuTime(during: .milliseconds(500))
    a.hangUp()
    expect(
      used < .milliseconds(20), "A is silent, but the server uses the CPU all the time",
      "A's socket is writable, because its buffer is empty. epoll reports that again and again, "
        + "although you have nothing to write. Step 3e fixes this.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }
}
