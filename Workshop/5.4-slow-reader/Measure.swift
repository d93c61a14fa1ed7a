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
        "write never waits. Any bytes that it does not take stay in B's outbox, and the loop moves "
        + "on to C. A client that does not read costs C nothing, but it costs the server memory.",
      .number(
        0...100,
        "You expected the server to block at B once B's buffer is full. With a blocking write it "
          + "does: in chapter 2, one slow reader stops a broadcast."),
      .number(
        101..<1000,
        "You expected C to miss some frames because of B. Each client has its own buffer in the "
          + "kernel, and its own outbox."
      ))
  }

  static func outbox(_ count: Int) {
    compare(
      "outbox", model: "98000", measured: "\(count)",
      because:
        "1,000 × 100 bytes, minus the 2,000 that the kernel has room for. The next thousand "
        + "broadcasts add another 100,000: without a limit, one client that does not read can use "
        + "up all of the server's memory.",
      .number(
        0...0,
        "You expected the kernel to keep what B does not read, or to throw it away. The kernel's "
          + "buffer is bounded, and TCP throws nothing away: write stops taking bytes, and the "
          + "server has to keep the rest."),
      .number(
        100_000...100_000,
        "You expected all of the bytes to stay in the server. The kernel takes what fits into its "
          + "buffer before anything is left for the outbox."))
  }

  static func bound(_ number: Int) {
    compare(
      "bound", model: "61", measured: "\(number)",
      because:
        "20 frames fit into the kernel's buffer and 40 more into the outbox, so the 61st is too "
        + "much. A limit on the outbox is therefore not the whole cost of a client: the kernel's "
        + "buffer comes on top of it, and can be the larger part.",
      .number(
        40...41,
        "You expected the outbox to fill from the first frame on. The kernel's buffer fills first, "
          + "with 20 frames."
      ),
      .number(
        60...60,
        "You expected the limit to be exceeded when the outbox is full. After the 60th frame there "
          + "are 4,000 bytes in it, and it may hold exactly that many."))
  }
}
