import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a silent client is disconnected") { silent() },
    Part("a client that asks again in time keeps its connection") { survives() },
    Part("a client that sends a byte now and then is disconnected") { drips() },
    Part("a client that does not read its answer is disconnected") { reader() },
    Part("a client that leaves during the pause is forgotten at once") { leaves() },
    Part("pauses and deadlines need no other thread") { oneThread() },
  ]

  static func leaves() {
    let server = Program("--delay", "60s")
    server.settle()
    let before = server.descriptors
    let a = server.connect("A")
    a.ask("/")
    server.settle()
    a.reset()
    server.settle()
    expect(
      server.descriptors <= before, "A is gone, but the server still waits for its backend",
      "The event says EPOLLHUP and EPOLLERR, which epoll always reports, even if you did not ask "
        + "for them. No answer will reach A, so free its place now, not in a minute.")
  }

  static func silent() {
    let server = Program("--timeout", "200ms")
    let (a, b) = (server.connect("A"), server.connect("B"))
    b.send("GET / HT")
    server.settle(for: .milliseconds(300))
    expect(
      server.isRunning, "A's deadline has passed, and the server has crashed",
      "A continuation was resumed twice, so Swift ended the program. An event and a deadline both "
        + "tried to resume the task. The first of them must take the continuation out of the "
        + "table.")
    a.expectEnd(
      patience: .seconds(1), "A says nothing, and its connection stays open forever",
      "A wait for a client needs a deadline too. It costs one more Instant in a comparison.")
    b.expectReply(
      408, patience: .seconds(1), "B sent half a request, but is not told that it took too long")
    b.expectEnd("B got 408, but its connection stays open")
  }

  static func drips() {
    let server = Program("--timeout", "200ms")
    let a = server.connect("A")
    a.send("GET / HTTP/1.1\r\n")
    for _ in 1...8 {
      _ = server.cpuTime(during: .milliseconds(50))
      a.send("x")
    }
    a.expectReply(
      408, patience: .zero, "A sends a byte every 50 ms and is never disconnected",
      "This is the slowloris attack. The deadline belongs to the request: it begins when you start "
        + "waiting for the request, and no byte moves it.")
  }

  static func reader() {
    let server = Program("--timeout", "200ms")
    server.settle()
    let before = server.descriptors
    let a = server.connect("A")
    a.ask("/big")
    server.settle(for: .milliseconds(500))
    expect(
      server.descriptors <= before, "A does not read its answer, but keeps its connection forever",
      "8 MiB wait in the outbox for a client that takes nothing. Writing needs a deadline, just "
        + "like reading. Count from the last byte that the kernel took, so that a slow reader "
        + "survives.")
  }

  static func survives() {
    let server = Program("--timeout", "300ms")
    let a = server.connect("A")
    for _ in 1...6 {
      _ = server.cpuTime(during: .milliseconds(100))
      a.ask("/nothing")
      a.expectReply(
        404, "A asks every 100 ms, but is disconnected after 300 ms",
        "Each answer starts a new wait with a new deadline. Remove the old deadline, or move it.")
    }
  }

  static func oneThread() {
    let server = Program("--delay", "50ms")
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(body: "Hello", patience: .seconds(1), "A gets no answer")
    expect(
      server.threads == 1, "the pause is over, but the server has more than one thread",
      "Task.sleep measures its time on another thread. The loop can do that itself, because it has "
        + "deadlines.",
      expected: "1 thread", happened: "\(server.threads) threads")
  }
}
