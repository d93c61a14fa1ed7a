import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("half-open clients, and one thread that waits for one of them") { sequential() },
    Part("half-open clients, and four threads that wait") { pool() },
    Part("two hundred half-open clients, and one thread that waits for all") { epoll() },
    Part("two hundred half-open clients, and await") { actor() },
    Part("one client that keeps the server computing") { burn() },
  ]

  static func sequential() {
    compare(
      "sequential", model: "no", measured: answers(halfOpen: 1, expected: false, "01-Sequential"),
      because:
        "The server's only thread is blocked in recv, waiting for a client that sends nothing.",
      .guess(
        "yes",
        "You assumed that a server notices which client is ready. This one has accepted a client "
          + "and won't look at any other until that client is done or its time is up."))
  }

  static func pool() {
    let workers = 4
    let count = (1...workers).first {
      answers(halfOpen: $0, expected: $0 < workers, "02-ThreadPool", "--workers", "\(workers)")
        == "no"
    }
    compare(
      "pool", model: "4", measured: count.map { "\($0)" } ?? "more",
      because:
        "Each of them takes a worker and never gives it back. With three of them, the fourth "
        + "worker serves everyone else. So a pool isn't immune; it only costs the attacker a "
        + "few more connections.",
      .guess(
        "5",
        "You assumed that four workers can cope with four such clients. They can't: each worker "
          + "waits for one of them, so none is left for you."
      ),
      .guess(
        "1", "You expected chapter 1's server. Here, three other workers are left."),
      .number(
        6...,
        "You assumed that the queue helps. A client in the queue is connected, but it still waits "
          + "for a worker."
      ))
  }

  static func epoll() {
    compare(
      "epoll", model: "yes", measured: answers(halfOpen: 200, expected: true, "03-Epoll"),
      because:
        "Two hundred clients are waiting, and each of them costs an object, not a thread. The "
        + "only thread is in epoll_wait, and your request wakes it.",
      .guess(
        "no",
        "You assumed that one thread can wait for only one client. That's true of recv, but "
          + "epoll_wait waits for all of them at once."
      ))
  }

  static func actor() {
    compare(
      "actor", model: "yes", measured: answers(halfOpen: 200, expected: true, "04-Actor"),
      because:
        "Each client has a task whose code reads from top to bottom, like chapter 1's. But at an "
        + "await only the task is suspended; the thread runs other tasks in the meantime. "
        + "Chapter 4 explains how that works.",
      .guess(
        "no",
        "You assumed that code that looks like chapter 1 waits like chapter 1. At an await, the "
          + "thread is free to do something else."
      ))
  }

  static func burn() {
    let server = Server("03-Epoll")
    let (other, you) = (server.connect("the other client"), server.connect("you"))
    // After this the server knows both clients, and it will see their requests in the order in
    // which they are sent.
    for client in [other, you] {
      client.ask("/stats")
      _ = client.reply()
    }
    other.ask("/burn?ms=300")
    you.ask("/stats")
    let servedBefore = you.reply()?.number("requestsServed")
    compare(
      "burn", model: "no", measured: servedBefore == 2 ? "yes" : "no",
      because:
        "The server's only thread is computing. epoll_wait makes waiting cheap, but not "
        + "computing: for a third of a second, no client is served. 02-ThreadPool would have "
        + "answered you at once.",
      .guess(
        "yes",
        "You assumed that an event loop shares its thread among clients, as the kernel shares a "
          + "processor among processes. It can do that only while the code waits. Nothing "
          + "interrupts code that computes."))
  }

  /// Returns "yes" if you get an answer before any of the half-open clients completes its request.
  /// - Parameter expected: whether the answer is expected to arrive that early. If not, the
  ///   half-open clients complete their requests first, and the server's count of requests shows
  ///   whether it served yours before theirs.
  static func answers(halfOpen: Int, expected: Bool, _ words: String...) -> String {
    let server = words.count == 1 ? Server(words[0]) : Server(words[0], words[1], words[2])
    let others = (1...halfOpen).map { server.connect("half-open client \($0)") }
    for client in others { client.send("GET / HTTP/1.1\r\nHost: check\r\n") }
    let you = server.connect("you")
    you.ask("/stats")
    if expected { return you.reply()?.number("requestsServed") == 0 ? "yes" : "no" }
    for client in others { client.send("Connection: close\r\n\r\n") }
    return you.reply()?.number("requestsServed") == 0 ? "yes" : "no"
  }
}
