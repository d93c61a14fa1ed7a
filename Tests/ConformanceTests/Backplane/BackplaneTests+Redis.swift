import Common
import Glibc
import Testing

/// Redis fails in every way that it has: no client is disconnected, and nothing is delivered twice.
extension BackplaneTests {
  @Test(arguments: [false, true])
  func `Redis is killed and started again`(keepsData: Bool) throws {
    let redis = try RedisServer(
      "--appendonly", keepsData ? "yes" : "no", "--appendfsync", "always")
    let cluster = try Cluster(nodes: 3, clients: 10, redis: redis)
    try cluster.broadcastReachesEveryone()
    let before = cluster.everyone.map(\.hellos)
    try redis.kill()
    try cluster.waitForState("disconnected")
    try cluster.nodesServeTheirOwn()
    try redis.start()
    try cluster.waitForState("connected")
    #expect(cluster.everyone.map(\.hellos) == before)
    for _ in 0..<3 { try cluster.broadcastReachesEveryone() }
    let late = try Cluster.startNode(redis.url)
    let id = try cluster.swarm.numbers(of: cluster.swarm.connect(1, to: late))[0]
    #expect(id > cluster.ids.joined().max() ?? .max)
  }

  @Test func `Redis freezes, and resumes`() throws {
    let cluster = try Cluster(nodes: 3, clients: 10)
    cluster.redis.send(signal: SIGSTOP)
    let sender = cluster.clients[1][0]
    #expect(
      try cluster.ask(sender, "broadcast", "Not")
        == "Not confirmed: the connection to the other nodes was lost")
    try cluster.waitForState("disconnected")
    try cluster.nodesServeTheirOwn()
    #expect(try cluster.nodes[1].statistic("backplaneUnconfirmed") == 1)
    cluster.redis.send(signal: SIGCONT)
    try cluster.waitForState("connected")
    try cluster.broadcastReachesEveryone()
    // No one knew whether it would come: it may, but to all, and once.
    let hello = "Hello from client \(cluster.ids[1][0])"
    let counts = Set(cluster.everyone.map { $0.hellos.count { $0 == hello } })
    #expect(counts == [0] || counts == [1])
  }

  @Test func `Redis has lost its data, and its clock is behind`() throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    // The nodes have read a message of the year 2286.
    try cluster.broadcastReachesEveryone()
    try cluster.redis.command("XSETID", "five-ways:all", "9999999999999-0")
    try cluster.broadcastReachesEveryone()
    try cluster.redis.kill()
    try cluster.waitForState("disconnected")
    try cluster.redis.start()
    try cluster.waitForState("connected")
    for _ in 0..<3 { try cluster.broadcastReachesEveryone() }
  }

  @Test func `a message is deleted before its sender has it back`() throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    try cluster.broadcastReachesEveryone()
    let other = try Client(port: cluster.redis.port)
    try other.send("PING\r\n")
    _ = try other.read(7)
    let sender = cluster.clients[0][0]
    // Redis takes both commands at once when it resumes, the broadcast first: unless the bytes that
    // have arrived are a node's sign of life. Then it's tried again.
    try eventually("the message is deleted in between") {
      cluster.redis.send(signal: SIGSTOP)
      sender.texts = []
      try sender.send("broadcast", "x")
      try eventually("the broadcast has arrived at Redis") { try cluster.redis.unreadBytes > 0 }
      try other.send("DEL five-ways:all\r\n")
      cluster.redis.send(signal: SIGCONT)
      try cluster.swarm.waitUntil("both are answered") { sender.texts.last == "Echo: x" }
      return sender.texts.first == "Not confirmed: Redis has deleted the message"
    }
    try cluster.broadcastReachesEveryone()
  }

  @Test func `Redis counts as far as it can`() throws {
    let redis = try RedisServer()
    try redis.command("SET", "five-ways:last-node", "922337204")
    let child = try ServerProcess.launch(
      Chapter("05-WebSocket"), ["--port", "0", "--backplane", redis.url])
    while try !child.standardError.readLine().contains("last-node, is not in") {}
    child.send(signal: SIGTERM)
    #expect(try child.waitForExit().exit == .status(0))

    try redis.command("SET", "five-ways:last-node", "7")
    try redis.command("XADD", "five-ways:all", "1-0", "frame", "")
    try redis.command(
      "XSETID", "five-ways:all", "1-0", "ENTRIESADDED", "\(Int.max)", "MAXDELETEDID", "0-0")
    let cluster = try Cluster(nodes: 2, clients: 2, redis: redis)
    try cluster.broadcastReachesEveryone()
  }

  @Test func `the first address of Redis does not answer`() throws {
    // Where `localhost` is ::1 first, this Redis is at the second address.
    let redis = try RedisServer()
    let node = try Cluster.startNode("redis://localhost:\(redis.port)")
    #expect(try node.statistic("nodes") == 1)
  }

  @Test(arguments: [
    ("HTTP/1.1 400 Bad Request\r\n\r\n", "the reply is not RESP"),
    ("%0\r\n+OK\r\n+OK\r\n*0\r\n", "last-node, is not in"),
    ("%0\r\n+OK\r\n+OK\r\n+OK\r\n", "last-node, is not in"),
    ("%0\r\n+OK\r\n+OK\r\n*1\r\n+x\r\n", "last-node, is not in"),
  ])
  func `something that is not Redis answers`(text: String, reason: String) throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    try cluster.redis.kill()
    do {
      let impostor = try Listener(host: "127.0.0.1", port: cluster.redis.port)
      let answers = try Background {
        for _ in 0..<6 {
          var ready = pollfd(fd: impostor.descriptor.number, events: Int16(POLLIN), revents: 0)
          while poll(&ready, 1, -1) != 1 {}
          let socket = Descriptor(owning: accept(impostor.descriptor.number, nil, nil))
          let answer = Array(text.utf8)
          send(socket.number, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
      }
      for node in cluster.nodes { try node.waitForLine(reason) }
      try answers.wait()
    }
    try cluster.nodesServeTheirOwn()
    try cluster.redis.start()
    try cluster.waitForState("connected")
    try cluster.broadcastReachesEveryone()
  }

  @Test func `Redis asks for a password`() throws {
    let redis = try RedisServer("--requirepass", "p@ss")
    let url = "redis://:p%40ss@127.0.0.1:\(redis.port)/3/chat"
    let child = try ServerProcess.launch(
      Chapter("05-WebSocket"), ["--port", "0", "--backplane", redis.url])
    while try !child.standardError.readLine().contains("NOAUTH") {}
    child.send(signal: SIGTERM)
    #expect(try child.waitForExit().exit == .status(0))

    let node = try Cluster.startNode(url)
    try redis.kill()
    try redis.start("--requirepass", "another")
    try node.waitForLine("WRONGPASS")
    try redis.kill()
    try redis.start()
    try eventually("the node is connected") {
      try node.get("/stats").text.contains("\"backplane\": \"connected\"")
    }
  }

  @Test func `Redis has no memory left`() throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    try cluster.redis.command("CONFIG", "SET", "maxmemory", "1")
    let answer = try cluster.ask(cluster.clients[0][0], "broadcast", "Not")
    #expect(answer.hasPrefix("Not sent: Redis says OOM"))
    #expect(try cluster.ask(cluster.clients[0][0], "x", "Echo") == "Echo: x")
    try cluster.nodes[0].waitForLine("OOM")
    try cluster.redis.command("CONFIG", "SET", "maxmemory", "0")
    try cluster.broadcastReachesEveryone()
    #expect(try cluster.nodes[0].statistic("backplaneRefused") == 1)
  }

  @Test func `connections to Redis are killed while broadcasts travel`() throws {
    let cluster = try Cluster(nodes: 3, clients: 10)
    let senders = cluster.clients.map { $0[0] }
    for _ in 0..<20 {
      for sender in senders { try sender.send(Array(repeating: "broadcast", count: 5) + ["done"]) }
      try cluster.redis.command("CLIENT", "KILL", "TYPE", "normal")
      try cluster.swarm.waitUntil("all commands are answered") {
        senders.allSatisfy { $0.texts.last == "Echo: done" }
      }
      for sender in senders { try sender.send("next") }
      try cluster.swarm.waitUntil("the next round") {
        senders.allSatisfy { $0.texts.contains("Echo: next") }
      }
      try cluster.waitForState("connected")
    }
    try cluster.broadcastReachesEveryone()
    let order = cluster.everyone[0].hellos
    #expect(cluster.everyone.allSatisfy { $0.hellos == order })
    let answers = senders.flatMap(\.texts)
    let refused = answers.count { $0.hasPrefix("Not sent") }
    let unconfirmed = answers.count { $0.hasPrefix("Not confirmed") }
    // What was confirmed has arrived everywhere; of the rest, some may have.
    #expect(301 - refused - unconfirmed...301 - refused ~= order.count)
    let reconnects = try cluster.nodes.map { try $0.statistic("backplaneReconnects") }
    #expect(reconnects.allSatisfy { $0 >= 20 })
  }

  @Test func `all keys are deleted`() throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    try cluster.broadcastReachesEveryone()
    try cluster.redis.command("FLUSHALL")
    try cluster.broadcastReachesEveryone()
    // The nodes' own streams are there again with their next sign of life.
    let hello = "From client \(cluster.ids[0][0]): hi"
    try eventually("a message to one client arrives") {
      try cluster.clients[0][0].send("send \(cluster.ids[1][0]) hi")
      _ = try cluster.ask(cluster.clients[0][0], "x", "Echo")
      _ = try cluster.ask(cluster.clients[1][0], "x", "Echo")
      return cluster.clients[1][0].texts.contains(hello)
    }
  }
}
