import Kit

@main
enum Measure: Checks {
  static let parts = [Part("1,000 broadcasts, and B never reads") { broadcasts() }]

  static func broadcasts() {
    let registry = Registry()
    let clients = ["A", "B", "C"].map {
      Client(BufferedSocket($0, room: 2000, isReading: $0 != "B"))
    }
    for client in clients { registry.join(client) }
    var tooMuch = 0
    for number in 1...1000 {
      registry.broadcast(Array(repeating: UInt8(ascii: "x"), count: 100))
      if tooMuch == 0 && clients[1].outbox.count > limit { tooMuch = number }
    }
    others(clients[2].socket.received.count / 100)
    outbox(clients[1].outbox.count)
    bound(tooMuch)
  }

  static func others(_ count: Int) {
    compare(
      "others", model: "1000", measured: "\(count)",
      because:
        "write never waits. What it does not take stays in B's outbox, and the next one is C: B's silence costs C nothing. It "
        + "costs the server memory.",
      .number(
        0...100,
        "You expected that the server stands still at B once its buffer is full. With a blocking write it does: that is chapter "
          + "2, where one slow reader stops a broadcast."),
      .number(
        101..<1000,
        "You expected that C misses some because of B. Each client has a buffer of its own in the kernel, and an outbox of its own."
      ))
  }

  static func outbox(_ count: Int) {
    compare(
      "outbox", model: "98000", measured: "\(count)",
      because:
        "1,000 × 100 bytes, less the 2,000 that the kernel has room for. And with the next thousand it will be 100,000 more: "
        + "without a bound, one client that does not read takes all the memory there is, from everybody.",
      .number(
        0...0,
        "You expected that the kernel keeps what B does not read, or throws it away. Its buffer is bounded, and TCP throws nothing away: "
          + "write takes no more, and the rest is the server's."),
      .number(
        100_000...100_000,
        "You expected that all of it stays with the server. The kernel takes what fits into its buffer, before the outbox sees a "
          + "byte."))
  }

  static func bound(_ number: Int) {
    compare(
      "bound", model: "61", measured: "\(number)",
      because:
        "20 frames fit into the kernel's buffer, 40 more into the outbox; the 61st is too much. So a bound on the outbox is not "
        + "all the memory that a client can cost: the kernel's buffer comes on top, and it can be the bigger one.",
      .number(
        40...41,
        "You expected that the outbox fills from the first frame on. The kernel's buffer fills first, with 20 frames."
      ),
      .number(
        60...60,
        "You expected that the bound is crossed when the outbox is full. With the 60th frame there are 4,000 bytes in it, and that "
          + "many it may hold."))
  }
}
