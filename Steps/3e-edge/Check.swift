import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
    Part("a request that is longer than the buffer") { long() },
    Part("ten clients that connect at the same moment") { crowd() },
    Part("an answer of 8 MiB to a client that reads late") { big() },
  ]

  static let why =
    "An edge is reported once, when the socket becomes ready. The bytes that you leave there are "
    + "not reported again, so continue until the kernel says EAGAIN."

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    let used = server.cpuTime(during: .milliseconds(500))
    a.hangUp()
    expect(
      used < .milliseconds(20), "A is silent, but the server uses the CPU all the time",
      "A's socket is writable, and epoll says so each time you ask: a level is reported as long as "
        + "it lasts. With EPOLLET, epoll reports only the change, once.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }

  static func long() {
    let server = Program()
    let a = server.connect("A")
    let field = "X-Long: " + String(repeating: "x", count: 100_000)
    server.signal(SIGSTOP)
    a.ask("/", field)
    server.signal(SIGCONT)
    a.expectReply(
      body: "Hello", "A's whole request has arrived, but A waits forever for its answer",
      "One recv took what fits into your buffer. The rest had already arrived, so no further event "
        + "comes for it. " + why)
  }

  static func crowd() {
    let server = Program()
    server.settle()
    server.signal(SIGSTOP)
    let clients = (1...10).map { server.connect("client \($0)") }
    server.signal(SIGCONT)
    server.settle()
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(
        body: "Hello", "\(client.name) is in the backlog, but the server does not accept it",
        "Ten clients connected, but the listener became readable only once. Accept until accept "
          + "returns -1. "
          + why)
    }
  }

  static func big() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/big")
    server.settle()
    let count = a.rest().utf8.count
    expect(
      count > 8 << 20, "the answer stops in the middle, and the rest never comes",
      "After a short write, send again until it says EAGAIN. Only then will an EPOLLOUT follow: "
        + "the kernel reports that there is room again after there was none.",
      expected: "a head and 8388608 bytes", happened: "\(count) bytes")
  }
}
