import Common
import Glibc
import Testing

/// Several nodes, their Redis, and clients of all of them on one thread.
final class Cluster {
  let redis: RedisServer
  private(set) var nodes: [ServerProcess] = []
  private(set) var clients: [[SwarmClient]] = []
  private(set) var ids: [[Int]] = []
  let swarm: Swarm

  /// - Parameter clients: of each node.
  init(nodes count: Int, clients: Int, redis: RedisServer? = nil, _ options: [String] = []) throws {
    self.redis = try redis ?? RedisServer()
    for _ in 0..<count { nodes.append(try Self.startNode(self.redis.url, options)) }
    swarm = try Swarm(nodes[0])
    for node in nodes { self.clients.append(try swarm.connect(clients, to: node)) }
    for some in self.clients { ids.append(try swarm.numbers(of: some)) }
    try waitForStatistic("nodes", count)
  }

  static func startNode(_ url: String, _ options: [String] = []) throws -> ServerProcess {
    let backplane = ["--loops", "2", "--log", "--backplane", url]
    return try ServerProcess(Chapter("05-WebSocket"), backplane + options)
  }

  var everyone: [SwarmClient] { clients.flatMap { $0 } }

  /// Everything that each client has got until now is forgotten.
  func forget() { for client in everyone { client.texts = [] } }

  /// Waits until `/stats` of all these nodes has this number.
  func waitForStatistic(_ name: String, _ number: Int, of some: [ServerProcess]? = nil) throws {
    try eventually("\(name) is \(number)") {
      try (some ?? nodes).allSatisfy { try $0.statistic(name) == number }
    }
  }

  func waitForState(_ state: String, of some: [ServerProcess]? = nil) throws {
    try eventually("the nodes are \(state)") {
      try (some ?? nodes).allSatisfy { node in
        try node.get("/stats").text.contains("\"backplane\": \"\(state)\"")
      }
    }
  }

  /// Sends a text and returns the answer to it.
  func ask(_ client: SwarmClient, _ text: String, _ prefix: String = "") throws -> String {
    let before = client.texts.count
    try client.send(text)
    try swarm.waitUntil("an answer to \(text)") {
      client.texts.dropFirst(before).contains { $0.hasPrefix(prefix) }
    }
    return client.texts.dropFirst(before).first { $0.hasPrefix(prefix) } ?? ""
  }

  /// Has the last client broadcast and waits until all have got it: so the nodes are one service, and
  /// whatever was broadcast before is there, too.
  func broadcastReachesEveryone() throws {
    let hello = "Hello from client \(ids.last?.last ?? 0)"
    let before = everyone.map { $0.hellos.count { $0 == hello } }
    try everyone.last?.send("broadcast")
    try swarm.waitUntil("the broadcast is everywhere") {
      zip(self.everyone, before).allSatisfy { client, count in
        client.hellos.count { $0 == hello } > count
      }
    }
    _ = try swarm.numbers(of: everyone)
    #expect(everyone.map { $0.hellos.count { $0 == hello } } == before.map { $0 + 1 })
    #expect(everyone.allSatisfy { !$0.hasEnded })
  }

  /// Without Redis, a node serves its own clients, and says what it cannot do.
  func nodesServeTheirOwn() throws {
    for (clients, ids) in zip(clients, ids) {
      #expect(try ask(clients[0], "whoami") == "You are client \(ids[0])")
      #expect(try ask(clients[0], "x", "Echo") == "Echo: x")
      try clients[0].send("send \(ids[1]) hi")
      try swarm.waitUntil("it has arrived") {
        clients[1].texts.last == "From client \(ids[0]): hi"
      }
      let refusal = "Not sent: no connection to the other nodes"
      #expect(try ask(clients[0], "broadcast", "Not") == refusal)
      #expect(try ask(clients[0], "publish t x", "Not") == refusal)
      #expect(try ask(clients[0], "send 1 x", "Not") == refusal)
    }
  }
}

extension SwarmClient {
  var hellos: [String] { texts.filter { $0.hasPrefix("Hello from client ") } }
}

extension ServerProcess {
  /// Waits for a line of `--log`.
  func waitForLine(_ part: String) throws {
    var line = ""
    while !line.contains(part) {
      line = try child.standardError.readLine()
      if line.isEmpty && !child.isRunning { throw HarnessError("it ended without '\(part)'") }
    }
  }
}
