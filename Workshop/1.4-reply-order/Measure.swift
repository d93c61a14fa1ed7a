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
        "The server has accepted A and reads from it, whatever B and C do. They are in the backlog, and it has not even "
        + "looked there. This is head-of-line blocking: who stands first holds up everybody behind.",
      .guess(
        "B C A",
        "You expected that whoever is ready is served. For this a server must wait for all clients at once, as in chapter 3."
      ),
      .guess(
        "B A C",
        "You expected that the server turns to B while A sends nothing. It has one thread, and that one waits for A."
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
        "The queue is a queue of clients, not of requests. An answer does not end A's turn; only the end of its connection "
        + "does.",
      .guess(
        "A1 B C A2",
        "You expected that who asks first is answered first. That would be fair, and the server would have to know that B "
          + "and C have asked."),
      .guess(
        "A1 B A2 C",
        "You expected that clients take turns. Nobody takes the turn away from A: it is in the inner loop."
      ))
  }

  /// Each answer to `/stats` says how many requests were served before it.
  static func inOrder(_ replies: [(String, Reply?)]) -> String {
    replies.sorted { ($0.1?.number("requestsServed") ?? 0) < ($1.1?.number("requestsServed") ?? 0) }
      .map(\.0).joined(separator: " ")
  }
}
