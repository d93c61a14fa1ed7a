import Glibc
import Testing

/// A node ends, or freezes: the others continue.
extension BackplaneTests {
  @Test func `a node is killed`() throws {
    let cluster = try Cluster(nodes: 3, clients: 5)
    let rest = Array(cluster.nodes.prefix(2))
    cluster.nodes[2].send(signal: SIGKILL)
    try cluster.waitForStatistic("nodes", 2, of: rest)
    let gone = cluster.ids[2][0]
    let sender = cluster.clients[0][0]
    // Its stream lives as long as its entry in the list of nodes, within a second.
    try eventually("nothing is sent to it any more") {
      try cluster.ask(sender, "send \(gone) x", "No") == "No client \(gone)"
    }
    cluster.forget()
    try sender.send("broadcast")
    let others = cluster.clients.prefix(2).joined()
    try cluster.swarm.waitUntil("the others have it") { others.allSatisfy { !$0.texts.isEmpty } }
  }

  @Test func `a node is stopped, and its last messages arrive`() throws {
    let cluster = try Cluster(nodes: 3, clients: 5)
    cluster.forget()
    let sender = cluster.clients[2][0]
    try sender.send(Array(repeating: "broadcast", count: 50))
    try cluster.swarm.waitUntil("the first is there") { !cluster.everyone[0].texts.isEmpty }
    cluster.nodes[2].send(signal: SIGTERM)
    try cluster.swarm.waitUntil("its clients are closed") {
      cluster.clients[2].allSatisfy { $0.closeCode == 1001 }
    }
    #expect(sender.texts.allSatisfy { $0.hasPrefix("Hello") })
    #expect(try cluster.nodes[2].child.waitForExit().exit == .status(0))
    let others = Array(cluster.clients.prefix(2).joined())
    try cluster.swarm.waitUntil("the others have all of them") {
      others.allSatisfy { $0.texts.count >= sender.texts.count }
    }
    #expect(sender.texts.count == 50)
    // It has said goodbye: no one has to wait until its time is over.
    let gone = cluster.ids[2][1]
    #expect(try cluster.ask(others[0], "send \(gone) x", "No") == "No client \(gone)")
    #expect(others.allSatisfy { $0.hellos.count == 50 })
  }

  @Test func `a frozen node resumes: it catches up, and nothing comes twice`() throws {
    let cluster = try Cluster(nodes: 3, clients: 5)
    let rest = Array(cluster.nodes.prefix(2))
    cluster.forget()
    try cluster.nodes[2].freeze()
    let (sender, receiver) = (cluster.clients[0][0], cluster.clients[2][0])
    try sender.send(Array(repeating: "broadcast", count: 100) + ["send \(cluster.ids[2][0]) hi"])
    try cluster.swarm.waitUntil("the sender is told") {
      sender.texts.last?.hasPrefix("Not confirmed: node ") == true
    }
    #expect(cluster.clients[1].allSatisfy { $0.hellos.count == 100 })
    #expect(cluster.clients[2].allSatisfy { $0.texts.isEmpty })
    try cluster.waitForStatistic("nodes", 2, of: rest)
    cluster.nodes[2].send(signal: SIGCONT)
    try cluster.waitForStatistic("nodes", 3)
    try cluster.broadcastReachesEveryone()
    #expect(cluster.everyone.allSatisfy { $0.hellos.count == 101 })
    #expect(receiver.texts.count { $0.hasSuffix(": hi") } <= 1)
    #expect(try cluster.nodes[2].statistic("backplaneMissed") == 0)
  }

  @Test(.enabled(if: Browser.executable != nil, "no Chromium on this machine"))
  func `two tabs on two nodes talk to each other`() throws {
    let cluster = try Cluster(nodes: 2, clients: 0)
    let browser = try Browser(#require(Browser.executable))
    let tabs = try cluster.nodes.map { try browser.openTab("http://127.0.0.1:\($0.port)/chat") }
    for tab in tabs { try tab.wait(until: ChatPageTests.isOpen) }
    let ids = try tabs.map { try $0.run(ChatPageTests.isOpen) }
    try tabs[0].run(ChatPageTests.click("broadcast"))
    for tab in tabs {
      try tab.wait(until: ChatPageTests.hasHeard("Hello from client \(ids[0])"))
    }
    try tabs[1].run(
      ChatPageTests.fill("target", ids[0]) + ChatPageTests.fill("text", "good morning"))
    try tabs[1].run(ChatPageTests.click("send"))
    try tabs[0].wait(until: ChatPageTests.hasHeard("From client \(ids[1]): good morning"))
  }

  @Test func `a node that comes too late counts what it has missed`() throws {
    let cluster = try Cluster(nodes: 2, clients: 2)
    try cluster.broadcastReachesEveryone()
    cluster.forget()
    try cluster.nodes[1].freeze()
    let sender = cluster.clients[0][0]
    try sender.send(Array(repeating: "broadcast", count: 20) + ["done"])
    try cluster.swarm.waitUntil("all are sent") { sender.texts.last == "Echo: done" }
    try cluster.redis.command("XTRIM", "five-ways:all", "MAXLEN", "=", "5")
    cluster.nodes[1].send(signal: SIGCONT)
    try cluster.nodes[1].waitForLine(#"15 messages of "five-ways:all" were trimmed"#)
    try cluster.broadcastReachesEveryone()
    #expect(cluster.clients[1].allSatisfy { $0.hellos.count == 6 })
    #expect(try cluster.nodes[1].statistic("backplaneMissed") == 15)
    #expect(try cluster.nodes[0].statistic("backplaneMissed") == 0)
  }

  @Test func `a node skips messages that are too long for it, and counts them`() throws {
    let cluster = try Cluster(nodes: 1, clients: 1, ["--max-message", "2MiB"])
    let small = try Cluster.startNode(cluster.redis.url, ["--max-message", "64KiB"])
    let reader = try cluster.swarm.connect(1, to: small)[0]
    let topic = "t\u{1b}"
    #expect(try cluster.ask(reader, "subscribe \(topic)", "Sub") == "Subscribed to \(topic)")
    try small.freeze()
    let long = String(repeating: "x", count: 2_000_000)
    let sender = cluster.clients[0][0]
    for _ in 0..<40 {
      try sender.send("publish \(topic) \(long)")
      #expect(try cluster.ask(sender, "x") == "Echo: x")
    }
    small.send(signal: SIGCONT)
    try small.waitForLine(#"messages of "five-ways:topic:t\u{1B}" are longer than"#)
    try eventually("40 are missed") { try small.statistic("backplaneMissed") == 40 }
    try sender.send("publish \(topic) short")
    try cluster.swarm.waitUntil("a short one arrives") {
      reader.texts.last?.hasSuffix(": short") == true
    }
    #expect(try small.statistic("backplaneReconnects") == 0)
  }
}
