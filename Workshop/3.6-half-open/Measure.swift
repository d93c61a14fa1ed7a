import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("half-open clients, and one thread that waits for one of them") { sequential() },
    Part("half-open clients, and four threads that wait") { pool() },
    Part("two hundred half-open clients, and one thread that waits for all") { epoll() },
    Part("two hundred half-open clients, and await") { actor() },
    Part("one client who makes the server compute") { burn() },
  ]

  static func sequential() {
    compare(
      "sequential", model: "no", measured: answers(halfOpen: 1, expected: false, "01-Sequential"),
      because: "Its only thread stands in recv, for one client, who says nothing.",
      .guess(
        "yes",
        "You expected that a server notices who is ready. This one has accepted a client, and looks at nobody else until that "
          + "one is done or its time is over."))
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
        "Each of them takes a worker, and gives nothing for it. With three, the fourth worker serves everybody else. A pool is "
        + "not immune, it costs the attacker a few connections more.",
      .guess(
        "5",
        "You expected that with four workers, four clients do no harm. They do: no worker is left for you."
      ),
      .guess(
        "1", "You expected chapter 1's server. Here three other workers are left."),
      .number(
        6...,
        "You expected that the queue helps. Who stands in it is connected, and waits for a worker all the same."
      ))
  }

  static func epoll() {
    compare(
      "epoll", model: "yes", measured: answers(halfOpen: 200, expected: true, "03-Epoll"),
      because:
        "Two hundred objects wait, and no thread does. The thread is in epoll_wait, and your request wakes it.",
      .guess(
        "no",
        "You expected that one thread can wait for one client only. That is true of recv; epoll_wait waits for all of them at once."
      ))
  }

  static func actor() {
    compare(
      "actor", model: "yes", measured: answers(halfOpen: 200, expected: true, "04-Actor"),
      because:
        "Each client has a task that reads from top to bottom like chapter 1. But await is not a wait of the thread: the task goes to "
        + "sleep, the thread goes on with others. How that works is chapter 4.",
      .guess(
        "no",
        "You expected that code which looks like chapter 1 waits like chapter 1. An await gives the thread away."
      ))
  }

  static func burn() {
    let server = Server("03-Epoll")
    let (other, you) = (server.connect("the other client"), server.connect("you"))
    // Both are known to the server; from here on it meets their requests in the order in which they are sent.
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
        "There is one thread, and it computes. epoll_wait makes waiting cheap, not computing: for a third of a second nobody is "
        + "served. In 02-ThreadPool you would have had your answer at once.",
      .guess(
        "yes",
        "You expected that an event loop shares its thread out, as the kernel does with processes. It does so only where "
          + "somebody waits. Nobody interrupts what computes."))
  }

  /// Whether you get an answer before any of the half-open clients completes its request.
  /// - Parameter expected: you can only wait for an answer that comes. For the others, the half-open clients have to complete
  ///   their requests first; then the server's count of requests tells whether yours was served before theirs.
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
