import Common
import Glibc
import Testing

/// How much a server does for one client before it serves the others: the tests count it, because a
/// clock would measure the machine.
///
/// Everything has arrived before the server looks, so it finds all of it in one loop iteration. The
/// other client counts what it receives before its own answer.
@Suite struct BudgetTests {
  /// Stops the server, and returns a client's answers once everything that the clients sent has
  /// arrived.
  private func meet(_ server: ServerProcess, _ messages: [(Client, [UInt8])]) throws {
    try server.freeze()
    for (client, bytes) in messages { try client.send(bytes) }
    for (client, _) in messages { try client.waitUntilDelivered() }
    server.send(signal: SIGCONT)
  }

  /// The number of messages before the first one for which `isAnswer` is true.
  private func count(_ client: WebSocketClient, before isAnswer: (String) -> Bool) throws -> Int {
    var count = 0
    while try !isAnswer(client.readText()) { count += 1 }
    return count
  }

  @Test(arguments: FairnessTests.chapters)
  func `during a long series of broadcasts others are served after some hundred deliveries`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    let clients = try (1...50).map { _ in try server.connectWebSocket("/ws") }
    for client in clients { _ = try client.askWhoAmI() }
    let (flood, other) = (clients[0], clients[49])
    let train = 200
    try meet(
      server,
      [
        (flood.client, (1...train).flatMap { _ in WebSocketFrame.text("broadcast").encoded() }),
        (other.client, WebSocketFrame.text("x").encoded()),
      ])
    let readers = try clients[1..<49].map { client in
      try Background { for _ in 1...train { _ = try client.readText() } }
    }
    let before = try count(other) { $0 == "Echo: x" }
    #expect(before * clients.count < 2000, "\(before) broadcasts")
    for _ in before..<train { _ = try other.readText() }
    for _ in 1...train { _ = try flood.readText() }
    for reader in readers { try reader.wait() }
  }

  @Test(arguments: FairnessTests.chapters)
  func `a client that sends without a pause receives a broadcast in between its own answers`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter)
    let (busy, other) = (try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws"))
    for client in [busy, other] { _ = try client.askWhoAmI() }
    let train = 4000
    let message = WebSocketFrame.text(String(repeating: "x", count: 2000)).encoded()
    let sender = try Background { for _ in 1...train { try busy.client.send(message) } }
    _ = try busy.readText()
    try other.send(.text("broadcast"))
    let before = try count(busy) { $0.hasPrefix("Hello from") }
    #expect(before < train / 2, "\(before) of \(train) answers")
    for _ in before + 1..<train { _ = try busy.readText() }
    try sender.wait()
  }

  @Test(arguments: FairnessTests.chapters)
  func `while a crowd connects, the clients that are already connected are served`(chapter: Chapter)
    throws
  {
    let path = try TemporaryPath()
    let server = try ServerProcess(chapter, ["--trace", path.text, "--grace", "1ms"])
    let client = try server.connect()
    try client.send(request("/"))
    _ = try client.readResponse()
    try server.freeze()
    let crowd = try (1...500).map { _ in try server.connect() }
    try client.send(request("/"))
    try client.waitUntilDelivered()
    server.send(signal: SIGCONT)
    _ = try client.readResponse()
    try eventually("all clients are connected") {
      try server.statistic("connectionsOpen") == crowd.count + 2
    }
    server.send(signal: SIGTERM)
    _ = try server.waitForExit()
    let events = try TraceRecord(path: path.text).traceEvents.sorted { $0.start < $1.start }
    // The first client's second answer, and the clients that were accepted before it.
    let answers = events.indices.filter {
      events[$0].name == "write" && events[$0].args?.client == 1
    }
    let before = events[..<answers[1]].count { $0.name == "accept" }
    #expect(before < 100)
  }
}
