import Glibc
import Testing

extension WebSocketTests {
  /// While other clients come and go, a client that stays gets every message exactly once, and each
  /// sender's messages in order.
  @Test(arguments: registries)
  func `every message reaches every client exactly once`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--loops", "3"])
    let swarm = try Swarm(server)
    let stayers = try swarm.connect(1500)
    var visitors = try swarm.connect(500)
    let ids = try swarm.numbers(of: stayers)
    #expect(Set(ids + (try swarm.numbers(of: visitors))).count == 2000)
    for client in stayers { try client.send("subscribe all") }
    try swarm.waitUntil("every client has subscribed") {
      stayers.allSatisfy { $0.texts.contains("Subscribed to all") }
    }
    for client in stayers { client.texts = [] }

    let rounds = 8
    let senders = Array(zip(ids, stayers).prefix(10))
    for round in 0..<rounds {
      for (_, sender) in senders { try sender.send("publish all \(round)", "broadcast") }
      for visitor in visitors.prefix(50) { swarm.hangUp(visitor) }
      visitors.removeFirst(50)
      visitors += try (0..<50).map { _ in try swarm.connect() }
      try visitors.last?.send("subscribe all", "broadcast")
    }
    // A sender is answered after all shards have delivered; the other senders' answers come after
    // what was delivered.
    _ = try swarm.numbers(of: senders.map(\.1) + visitors)
    _ = try swarm.numbers(of: stayers)

    for (id, _) in senders {
      let expected = (0..<rounds).flatMap {
        ["From client \(id) to all: \($0)", "Hello from client \(id)"]
      }
      let wrong = stayers.filter { stayer in
        stayer.texts.filter {
          $0.hasPrefix("From client \(id) ") || $0 == "Hello from client \(id)"
        } != expected
      }
      #expect(wrong.isEmpty, "\(wrong.count) clients, first: \(wrong.first?.texts ?? [])")
    }
    // The visitors' broadcasts reached all stayers too: no stayer has one that another lacks.
    let counts = Set(stayers.map { $0.texts.count { $0.hasPrefix("Hello from") } })
    #expect(counts == [rounds * (senders.count + 1)])
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
  }

  /// More frames at once than one system call takes.
  @Test(arguments: registries)
  func `a burst of small messages arrives completely`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--loops", "1"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(3)
    for count in [63, 64, 65, 100, 128, 129, 1000] {
      for client in clients { client.texts = [] }
      try clients[0].send([String](repeating: "broadcast", count: count))
      try swarm.waitUntil("all \(count) messages have arrived", within: .seconds(8)) {
        clients.allSatisfy { $0.texts.count == count }
      }
    }
  }

  @Test(arguments: registries)
  func `messages to one client arrive in order, whichever thread owns it`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--loops", "4"])
    let swarm = try Swarm(server)
    let clients = try swarm.connect(9)
    let ids = try swarm.numbers(of: clients)
    for client in clients {
      client.texts = []
      try client.send(
        (0..<50).flatMap { n in ids.map { "send \($0) \(n)" } + ["send 777777 x", "n\(n)"] })
    }
    let count = 50 * (ids.count + 2)
    try swarm.waitUntil("everything has arrived") { clients.allSatisfy { $0.texts.count >= count } }
    for (id, client) in zip(ids, clients) {
      for sender in ids {
        let prefix = "From client \(sender): "
        #expect(client.texts.filter { $0.hasPrefix(prefix) } == (0..<50).map { "\(prefix)\($0)" })
      }
      // What concerns only the client itself arrives in the order in which it asked.
      let own = client.texts.filter { !$0.hasPrefix("From") || $0.hasPrefix("From client \(id): ") }
      #expect(
        own
          == (0..<50).flatMap { ["From client \(id): \($0)", "No client 777777", "Echo: n\($0)"] })
    }
  }
}
