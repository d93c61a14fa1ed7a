import Testing

extension WebSocketTests {
  static let frame = String(repeating: "x", count: 30_000)
  static let bounds = [
    "--outbox", "64KiB", "--send-buffer", "64KiB", "--send-timeout", "10m", "--heartbeat", "10m",
  ]

  /// A thousand clients that never read, and a storm of messages for all of them.
  private func storm(_ server: ServerProcess, _ swarm: Swarm, rounds: Int) throws -> [SwarmClient] {
    let readers = try swarm.connect(2)
    let sleepers = try (0..<1000).map { _ in try swarm.connect(receiveBuffer: 4096) }
    try swarm.waitUntil("all WebSockets are open") { sleepers.allSatisfy(\.isOpen) }
    for client in sleepers + readers { try client.send("subscribe storm") }
    try swarm.waitUntil("every client has subscribed") {
      (sleepers + readers).allSatisfy { !$0.texts.isEmpty }
    }
    for client in sleepers { client.reads = false }
    for round in 1...rounds {
      try readers[0].send("publish storm \(round) \(Self.frame)")
      try swarm.waitUntil("the readers have received round \(round)") {
        readers.allSatisfy { $0.texts.count == round + 1 }
      }
    }
    return sleepers
  }

  @Test(arguments: registries)
  func `a client that never reads is cut off, and memory stays bounded`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.bounds)
    let swarm = try Swarm(server)
    let before = try server.memory()
    let sleepers = try storm(server, swarm, rounds: 20)
    #expect(try server.statistic("clientsDropped") == sleepers.count)
    #expect(try server.statistic("clientsTotal") == 2)
    #expect(try server.memory() - before < 50 << 20)
    for client in sleepers { try swarm.wake(client) }
    try swarm.waitUntil("the clients that read again find that they were cut off") {
      sleepers.allSatisfy(\.hasEnded)
    }
  }

  @Test(arguments: registries)
  func `a slow reader misses the oldest messages, and no message is torn`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.bounds + ["--slow", "drop-oldest"])
    let swarm = try Swarm(server)
    let before = try server.memory()
    let rounds = 40
    let sleepers = try storm(server, swarm, rounds: rounds)
    #expect(try server.statistic("clientsDropped") == 0)
    #expect(try server.statistic("framesDropped") > sleepers.count)
    #expect(try server.memory() - before < 50 << 20)

    // They read again: every message is whole and in order, the newest is the last one, and all of
    // their own answers are there.
    for client in sleepers.prefix(50) {
      try client.send("still here")
      try swarm.wake(client)
    }
    try swarm.waitUntil("the answers have arrived") {
      sleepers.prefix(50).allSatisfy { $0.texts.last == "Echo: still here" }
    }
    for client in sleepers.prefix(50) {
      let frames = client.texts.dropFirst().dropLast()
      let numbers = frames.compactMap {
        $0.split(separator: " ").dropFirst(5).first.flatMap { Int($0) }
      }
      #expect(frames.allSatisfy { $0.hasSuffix(" \(Self.frame)") })
      #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
      #expect(numbers.last == rounds && numbers.count < rounds && numbers.count == frames.count)
    }
  }

  /// Frames for all clients are shared, so they cost little however many wait. Each of these is for
  /// one client.
  @Test(arguments: registries)
  func `messages to single clients stay within the bound too`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, Self.bounds + ["--slow", "drop-oldest"])
    let swarm = try Swarm(server)
    let sender = try swarm.connect(1)[0]
    let sleepers = try (0..<1000).map { _ in try swarm.connect(receiveBuffer: 4096) }
    try swarm.waitUntil("all WebSockets are open") { sleepers.allSatisfy(\.isOpen) }
    let ids = try swarm.numbers(of: sleepers)
    for client in sleepers { client.reads = false }
    let before = try server.memory()
    for round in 1...12 {
      for id in ids { try sender.send("send \(id) \(Self.frame)") }
      try sender.send("round \(round)")
      try swarm.waitUntil("round \(round) is done") { sender.texts.last == "Echo: round \(round)" }
    }
    // 360 MB were sent; two frames wait for each client, 64 KiB at most.
    #expect(try server.statistic("framesDropped") > 5 * sleepers.count)
    #expect(try server.memory() - before < 130 << 20)
  }
}
