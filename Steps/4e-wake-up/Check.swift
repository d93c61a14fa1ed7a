import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a slow backend delays only the client that asked") { slowBackend() },
    Part("a hundred pauses end at about the same time") { many() },
    Part("the loop's thread answers the clients") { oneThread() },
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
  ]

  static func slowBackend() {
    let server = Program("--delay", "200ms")
    let a = server.connect("A")
    for round in 1...3 {
      let start = ContinuousClock.now
      a.ask("/")
      a.expectReply(
        body: "Hello", patience: .seconds(1),
        "A's pause number \(round) is over, but A gets no answer",
        "Another thread enqueued the job. The loop sleeps in epoll_wait and does not notice. A "
          + "descriptor must become readable to wake it: write to the eventfd.")
      expect(ContinuousClock.now - start >= .milliseconds(200), "A's answer came too early")
    }
  }

  static func many() {
    let server = Program("--delay", "200ms")
    let clients = (1...100).map { server.connect("client \($0)") }
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(
        body: "Hello", patience: .seconds(1), "\(client.name) gets no answer",
        "If you write to the eventfd only for the first job of a batch, take the batch under the "
          + "same lock. Otherwise a job that is added in between does not wake the loop.")
    }
  }

  static func oneThread() {
    let server = Program()
    for number in 1...20 {
      let client = server.connect("client \(number)")
      client.ask("/nothing")
      client.expectReply(404, "\(client.name) gets no answer")
    }
    expect(
      server.threads == 1, "twenty clients get answers, but from more than one thread",
      expected: "1 thread", happened: "\(server.threads) threads")
  }

  static func sleeps() {
    let server = Program("--delay", "50ms")
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", patience: .seconds(1), "A gets no answer")
    let used = server.cpuTime(during: .milliseconds(500))
    expect(
      used < .milliseconds(20),
      "A was answered and is silent, but the server uses the CPU all the time",
      "An eventfd stays readable until it is read. Read it, or watch it with EPOLLET.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }
}
