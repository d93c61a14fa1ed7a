import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a slow backend delays only the client that asked") { slowBackend() },
    Part("a request that arrives during the pause waits its turn") { early() },
    Part("while the backend works, the server uses no CPU time") { sleeps() },
    Part("a client that leaves during the pause is forgotten at once") { leaves() },
    Part("a silent client is disconnected") { silent() },
    Part("a client that sends a byte now and then is disconnected") { drips() },
    Part("a client that does not read its answer is disconnected") { reader() },
  ]

  static func slowBackend() {
    let server = Program("--delay", "300ms")
    let (b, clients) = (server.connect("B"), (1...6).map { server.connect("client \($0)") })
    let start = ContinuousClock.now
    for client in clients { client.ask("/") }
    b.ask("/nothing")
    b.expectReply(404, patience: .seconds(1), "B gets no answer")
    for client in clients {
      client.expectReply(
        body: "Hello", patience: .seconds(1),
        "\(client.name)'s pause is over, but there is no answer",
        "No event will come for it, because only time has passed. epoll_wait must return at the "
          + "earliest deadline of all connections, so make that its timeout.")
    }
    let time = ContinuousClock.now - start
    expect(
      time < .milliseconds(1500),
      "a client waits for a slow backend, and the others have to wait too",
      "Don't sleep for one client. Store the time at which its pause ends, and return to "
        + "epoll_wait.",
      expected: "all six answers after 300 ms", happened: "after \(time)")
  }

  static func early() {
    let server = Program("--delay", "300ms")
    let a = server.connect("A")
    let start = ContinuousClock.now
    a.ask("/")
    server.settle()
    a.ask("/nothing")
    a.expectReply(body: "Hello", patience: .seconds(1), "A gets no answer")
    let time = ContinuousClock.now - start
    expect(
      time >= .milliseconds(300), "A sent another request, and its pause ended too early",
      "An event says that bytes have arrived. It does not say that the pause is over. Leave A "
        + "alone while it pauses. Its bytes wait in the kernel.",
      expected: "an answer after 300 ms", happened: "after \(time)")
    a.expectReply(
      404, patience: .seconds(1), "A's second request arrived during the pause and was lost")
  }

  static func sleeps() {
    let server = Program("--delay", "400ms")
    let a = server.connect("A")
    a.ask("/")
    server.settle()
    let used = server.cpuTime(during: .milliseconds(300))
    expect(
      used < .milliseconds(10), "the server checks the clock all the time",
      "A timeout of 0 means \"look and return\". Compute the milliseconds until the earliest "
        + "deadline, and let epoll_wait sleep that long.",
      expected: "next to no CPU time in 300 ms", happened: "\(used) of CPU time")
  }

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
}
