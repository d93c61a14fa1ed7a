import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("nine clients connect, and nobody leaves") { nobodyLeaves() },
    Part("nine clients, in waves") { inWaves() },
  ]

  static let workers = 4

  static func nobodyLeaves() {
    let server = Server("02-ThreadPool", "--workers", "\(workers)")
    let clients = connectNine(server)
    for client in clients.prefix(workers) { _ = client.reply() }
    let peak = served(accordingTo: clients[0], asked: 1)
    compare(
      "peak", model: "4", measured: "\(peak)",
      because:
        "A client holds a whole worker from its first byte to its last, also while it only stays connected. Four workers, four "
        + "clients. The other five are connected, have sent their requests, and stand in the queue.",
      .guess(
        "9",
        "You expected that an answer makes the worker free. Each request takes microseconds, but the worker does not look at requests: it "
          + "reads from its client until that one leaves."),
      .guess(
        "1", "You expected chapter 1's server. Here four threads wait, each for its own client."),
      .guess(
        "5",
        "You expected that the main thread serves as well. It only accepts, and puts clients into the queue."
      ))

    clients[1].hangUp()
    let fifth = clients[4].reply()
    let isOnlyOne = served(accordingTo: clients[0], asked: 2) == peak + 1
    compare(
      "next", model: "client 5",
      measured: fifth != nil && isOnlyOne ? "client 5" : "somebody else",
      because:
        "One worker is free. It takes the client who has waited longest, at once, and it does not care what the other three workers do.",
      .guess(
        "nobody",
        "You expected that the others of the first four have to be done, too. Waves are a picture for clients who all take the "
          + "same time; no worker waits for another one."),
      .guess(
        "client 9",
        "You expected a stack. With the newest first, those at the bottom would wait for ever on a busy day."
      ))
  }

  static func inWaves() {
    let server = Server("02-ThreadPool", "--workers", "\(workers)")
    var waiting = connectNine(server)[...]
    var (waves, done) = (0, 0)
    while !waiting.isEmpty {
      waves += 1
      let wave = waiting.prefix(workers)
      for client in wave { _ = client.reply() }
      let new = served(accordingTo: wave.first!, asked: waves) - done
      done += new
      for client in waiting.prefix(new) { client.hangUp() }
      waiting = waiting.dropFirst(new)
    }
    compare(
      "waves", model: "3", measured: "\(waves)",
      because:
        "Four, four and one. The ninth client waits as long as two whole waves take, and then has a server with three idle "
        + "workers for itself. With a backend that takes half a second, its answer comes after one and a half.",
      .guess(
        "2",
        "You expected that nine are about two times four. The ninth client does not fit into the second wave, and its time "
          + "is the longest of all."),
      .guess("9", "You expected one client at a time. Four workers take four at a time."),
      .guess("1", "You expected all of them at once. Then there would have to be nine workers."))
  }

  static func connectNine(_ server: Server) -> [Client] {
    (1...9).map { number in
      let client = server.connect("client \(number)")
      client.ask("/stats")
      return client
    }
  }

  /// How many clients have their answer, as the server counts requests: without those that `client` has asked to find out.
  static func served(accordingTo client: Client, asked: Int) -> Int {
    client.ask("/stats")
    return (client.reply()?.number("requestsServed") ?? 0) - (asked - 1)
  }
}
