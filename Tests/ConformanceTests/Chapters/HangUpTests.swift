import Glibc
import Testing

/// A client sends a request and hangs up at once. Both arrive in one event, and no other event will
/// report the hang-up.
@Suite struct HangUpTests {
  static let chapters = [
    Chapter("03-Epoll"), Chapter("03-Epoll", always: ["--trigger", "level"]),
    Chapter("04-Actor", always: ["--loops", "1"]),
    Chapter("05-WebSocket", always: ["--loops", "1"]), Chapter("05-WebSocket"),
  ]

  /// Clients that the server already knows and that make it wait: for a backend, or for another
  /// thread.
  private func visit(_ server: ServerProcess, _ target: String) throws {
    let clients = try (1...50).map { _ in try server.connect() }
    for client in clients {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    try server.freeze()
    for client in clients {
      try client.send(request(target))
      try client.waitUntilDelivered()
      client.reset()
    }
    server.send(signal: SIGCONT)
  }

  /// Their places are free, and not because their requests were answered.
  private func expectFree(_ server: ServerProcess) throws {
    var asked = 0
    try eventually("all places are free") {
      asked += 1
      return try server.statistic("connectionsOpen") == 1
    }
    #expect(try server.statistic("requestsServed") == 50 + asked)
  }

  @Test(arguments: chapters)
  func `a hang-up that arrives with a request for a slow backend frees the place at once`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    try visit(server, "/?delay=5s")
    try expectFree(server)
  }

  @Test(arguments: chapters.filter { $0.name != "03-Epoll" })
  func `a hang-up that arrives with a command for another thread frees the place at once`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    try visit(server, "/burn?ms=300")
    try expectFree(server)
  }

  @Test(arguments: chapters)
  func `connections that were reset leave no descriptor behind`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    _ = try server.get("/")
    try server.waitUntilQuiet()
    let before = try server.openDescriptors()
    for _ in 1...300 {
      let client = try server.connect()
      try client.send(request("/"))
      client.reset()
    }
    try eventually("all descriptors are closed") { try server.openDescriptors() == before }
  }
}
