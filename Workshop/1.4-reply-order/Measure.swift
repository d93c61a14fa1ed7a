import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("A sends half a request") { order() },
    Part("A keeps its connection") { again() },
  ]

  static func order() {
    let server = Server("01-Sequential")
    let (a, b, c) = (server.connect("A"), server.connect("B"), server.connect("C"))
    a.send("GET /stats HTTP/1.1\r\nHost: check\r\n")
    b.ask("/stats", "Connection: close")
    c.ask("/stats", "Connection: close")
    a.send("Connection: close\r\n\r\n")
    let replies = [("A", a.reply()), ("B", b.reply()), ("C", c.reply())]
    compare(
      "order", model: "A B C", measured: inOrder(replies),
      because:
        "The server has accepted A and is reading from it, whatever B and C do. B and C are still "
        + "in the backlog, and the server hasn't even looked there. This is head-of-line "
        + "blocking: the first client in line holds up everyone after it.",
      .guess(
        "B C A",
        "You expected the server to serve whichever client is ready. To do that, it would have to "
          + "wait for all of its clients at once, as chapter 3's server does."
      ),
      .guess(
        "B A C",
        "You expected the server to turn to B while A sends nothing. It has only one thread, and "
          + "that thread is waiting for A."
      ))
  }

  static func again() {
    let server = Server("01-Sequential")
    let (a, b, c) = (server.connect("A"), server.connect("B"), server.connect("C"))
    a.ask("/stats")
    b.ask("/stats", "Connection: close")
    c.ask("/stats", "Connection: close")
    let first = a.reply()
    a.ask("/stats", "Connection: close")
    let replies = [("A1", first), ("A2", a.reply()), ("B", b.reply()), ("C", c.reply())]
    compare(
      "again", model: "A1 A2 B C", measured: inOrder(replies),
      because:
        "The queue holds clients, not requests. After it answers a request, the server isn't done "
        + "with A; it's done when A's connection closes.",
      .guess(
        "A1 B C A2",
        "You expected the first to ask to be the first to be answered. That would be fair, but the "
          + "server would need to know that B and C have asked, and it doesn't."),
      .guess(
        "A1 B A2 C",
        "You expected the clients to take turns. Nothing makes the server leave A: it stays in "
          + "the inner loop until A's connection ends."
      ))
  }

  /// Puts the replies in the order in which the server sent them: each answer to `/stats` says how
  /// many requests were served before it.
  static func inOrder(_ replies: [(String, Reply?)]) -> String {
    replies.sorted { ($0.1?.number("requestsServed") ?? 0) < ($1.1?.number("requestsServed") ?? 0) }
      .map(\.0).joined(separator: " ")
  }
}
