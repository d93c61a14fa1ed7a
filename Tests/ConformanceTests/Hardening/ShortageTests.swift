import Glibc
import Testing

/// More clients than the server has descriptors for: they wait in the kernel's backlog until other
/// clients leave.
@Suite struct ShortageTests {
  /// Enough for an event loop per core and some dozens of clients.
  private static let few = 64 + 3 * sysconf(Int32(_SC_NPROCESSORS_ONLN))

  @Test(arguments: Chapter.allCases)
  func `a server without free descriptors sleeps, serves its clients, and later those who waited`(
    chapter: Chapter
  ) throws {
    let options = ["--header-timeout", "5m", "--idle-timeout", "5m"]
    let server = try ServerProcess(chapter, options, descriptors: Self.few)
    let clients = try (1...200).map { _ in try server.connect() }
    for client in clients { try client.send(request("/")) }
    #expect(try clients[0].readResponse().text == "Hello")
    try server.waitUntilQuiet()
    #expect(!clients[199].hasInput())
    // The server has everything an answer needs. (A thread that computes belongs to libdispatch,
    // which opens descriptors for it.)
    try clients[0].send(request("/chat") + request("/burn?ms=1"))
    #expect(try clients[0].readResponse().status == 200)
    #expect(try clients[0].readResponse().text == "Hello")
    for (index, client) in clients.enumerated() {
      if index > 0 { #expect(try client.readResponse().text == "Hello") }
      client.close()
    }
  }

  /// The limit on the command line works like the kernel's. 01 never has more than one client.
  @Test(arguments: Chapter.allCases)
  func `one client more than --max-connections allows waits until another leaves`(chapter: Chapter)
    throws
  {
    let limit = chapter.servesAtOnce == 1 ? 1 : 2
    let server = try ServerProcess(chapter, ["--max-connections", "\(limit)"])
    let inside = try (1...limit).map { _ in try server.connect() }
    for client in inside {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    let waiting = try server.connect()
    try waiting.send(request("/"))
    try waiting.waitUntilDelivered()
    try server.waitUntilQuiet()
    #expect(!waiting.hasInput())
    inside[0].close()
    #expect(try waiting.readResponse().text == "Hello")
  }

  @Test func `raw echo waits for a free descriptor too`() throws {
    let server = try ServerProcess(Chapter("epoll-echo"), descriptors: Self.few)
    let clients = try (1...200).map { _ in try server.connect() }
    for client in clients { try client.send("x") }
    #expect(try clients[0].read(1) == Array("x".utf8))
    for (index, client) in clients.enumerated() {
      if index > 0 { #expect(try client.read(1) == Array("x".utf8)) }
      client.close()
    }
  }
}
