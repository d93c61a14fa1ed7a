import Common
import Glibc
import Testing
import WireProtocols

/// Several processes of chapter 5, one service: `--backplane`. Real processes, a real Redis.
@Suite(.serialized, .enabled(if: RedisServer.executable != nil, "\(RedisServer.isMissing)"))
struct BackplaneTests {
  @Test func `each broadcast reaches every client of three nodes once, in one order`() throws {
    let cluster = try Cluster(nodes: 3, clients: 100)
    cluster.forget()
    // Ten senders on each node, at the same time.
    let senders = cluster.clients.flatMap { $0.prefix(10) }
    for sender in senders { try sender.send(Array(repeating: "broadcast", count: 10)) }
    try cluster.swarm.waitUntil("all broadcasts are everywhere") {
      cluster.everyone.allSatisfy { $0.texts.count >= 300 }
    }
    _ = try cluster.swarm.numbers(of: cluster.everyone)
    let order = cluster.everyone[0].hellos
    #expect(order.count == 300 && Set(order).count == 30)
    #expect(cluster.everyone.allSatisfy { $0.hellos == order })
    #expect(try cluster.nodes.map { try $0.statistic("backplaneSent") } == [100, 100, 100])
    #expect(try cluster.nodes.map { try $0.statistic("backplaneMissed") } == [0, 0, 0])
  }

  @Test func `a sender's own copy comes before the answer to its next message`() throws {
    let cluster = try Cluster(nodes: 2, clients: 1)
    let client = cluster.clients[1][0]
    client.texts = []
    try client.send("subscribe t", "broadcast", "a", "publish t x", "b", "unsubscribe t", "c")
    try cluster.swarm.waitUntil("all answers are there") { client.texts.last == "Echo: c" }
    #expect(
      client.texts.map { $0.prefix(6) } == [
        "Subscr", "Hello ", "Echo: ", "From c", "Echo: ", "Unsubs", "Echo: ",
      ])
  }

  @Test func `topics reach their subscribers on all nodes, and no other node`() throws {
    let cluster = try Cluster(nodes: 3, clients: 10)
    for (index, client) in cluster.everyone.enumerated() where index < 20 {
      _ = try cluster.ask(client, "subscribe \(index % 2)", "Subscribed")
    }
    cluster.forget()
    for (index, client) in cluster.everyone.enumerated() {
      try client.send((0..<5).map { "publish \(index % 2) \(index)-\($0)" })
    }
    try cluster.swarm.waitUntil("all messages are everywhere") {
      cluster.everyone.prefix(20).allSatisfy { $0.texts.count >= 75 }
    }
    _ = try cluster.swarm.numbers(of: cluster.everyone)
    for parity in 0...1 {
      let order = cluster.everyone[parity].texts.filter { $0.hasPrefix("From") }
      #expect(order.count == 75 && order.allSatisfy { $0.contains(" to \(parity): ") })
      for (index, client) in cluster.everyone.enumerated() where index % 2 == parity {
        #expect(client.texts.filter { $0.hasPrefix("From") } == (index < 20 ? order : []))
      }
    }
    #expect(try cluster.nodes[2].statistic("backplaneTopics") == 0)
    // A node without subscribers has read no message: only its own signs of life.
    let stream = try cluster.redis.command("XLEN", "five-ways:topic:0")
    #expect(stream == .integer(75))
    _ = try cluster.ask(cluster.clients[0][0], "unsubscribe 0", "Unsubscribed")
  }

  @Test func `a message to one client finds it on another node, with any bytes`() throws {
    let cluster = try Cluster(nodes: 3, clients: 2)
    let ids = try cluster.swarm.numbers(of: cluster.everyone)
    #expect(Set(ids).count == 6)
    let texts = ["", " ", "a\r\n$5\r\n", "\0", "水𝄞", String(repeating: "x", count: (1 << 20) - 30)]
    for (sender, receiver) in [(0, 2), (0, 5), (5, 0), (3, 1), (1, 0)] {
      for text in texts {
        cluster.forget()
        let from = cluster.everyone[sender]
        try from.send("send \(ids[receiver]) \(text)", "done")
        try cluster.swarm.waitUntil("it has arrived") {
          from.texts.last == "Echo: done" && !cluster.everyone[receiver].texts.isEmpty
        }
        let expected = "From client \(ids[sender]): \(text)"
        #expect(cluster.everyone[receiver].texts == [expected])
        #expect(from.texts == ["Echo: done"])
      }
    }
    // Node N's ids begin behind N times ten billion.
    let origins = [ids[0], ids[5]].map { $0 / 10_000_000_000 * 10_000_000_000 }
    for unknown in origins + [ids[5] + 2, ids[5] + 20_000_000_000, 1, 0, Int.max] {
      #expect(
        try cluster.ask(cluster.everyone[0], "send \(unknown) x") == "No client \(unknown)")
    }
  }

  @Test func `numbers of clients are unique over ten restarts of nodes`() throws {
    let redis = try RedisServer()
    var ids: [Int] = []
    for _ in 0..<10 {
      let cluster = try Cluster(nodes: 2, clients: 3, redis: redis)
      ids += try cluster.swarm.numbers(of: cluster.everyone)
      for client in cluster.everyone { cluster.swarm.hangUp(client) }
      for node in cluster.nodes {
        node.send(signal: SIGTERM)
        #expect(try node.child.waitForExit().exit == .status(0))
      }
    }
    #expect(Set(ids).count == 60)
  }

  @Test func `ten thousand topics are as many streams, and each has its own subscribers`() throws {
    let cluster = try Cluster(nodes: 2, clients: 160)
    for (index, client) in cluster.clients[0].enumerated() {
      try client.send((0..<64).map { "subscribe t\(index * 64 + $0)" })
    }
    try cluster.swarm.waitUntil("all have subscribed") {
      cluster.clients[0].allSatisfy {
        $0.texts.last?.hasSuffix("63") == true || $0.texts.count >= 65
      }
    }
    #expect(try cluster.nodes[0].statistic("backplaneTopics") == 10_240)
    cluster.forget()
    for topic in stride(from: 0, to: 10_240, by: 640) {
      try cluster.clients[1][0].send("publish t\(topic) \(topic)")
    }
    try cluster.swarm.waitUntil("the messages are there") {
      cluster.clients[0].map(\.texts.count).reduce(0, +) == 16
    }
    for index in stride(from: 0, to: 160, by: 10) {
      #expect(cluster.clients[0][index].texts.map { $0.hasSuffix(": \(index * 64)") } == [true])
    }
  }

  @Test(arguments: [
    ("rediss://h", "there is no TLS here"), ("http://h", "expected redis://"),
    ("redis://", "expected redis://"), ("redis://h:0", "expected redis://"),
    ("redis://h:70000", "expected redis://"), ("redis://h:x", "expected redis://"),
    ("redis://u@h", "expected redis://"), ("redis://u:%4@h", "expected redis://"),
    ("redis://h/1/2/3", "expected redis://"), ("redis://h/a b", "expected redis://"),
  ])
  func `a URL that makes no sense ends the program with one line`(
    url: String, reason: String
  ) throws {
    let program = try ServerProcess.launch(
      Chapter("05-WebSocket"), ["--port", "0", "--backplane", url])
    let (exit, _, errors) = try program.waitForExit()
    #expect(exit == .status(64) && errors.contains(reason) && errors.count { $0 == "\n" } == 1)
  }
}
