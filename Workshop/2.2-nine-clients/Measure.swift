import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("nine clients connect, and all of them stay connected") { nobodyLeaves() },
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
        "A client occupies a worker from its first byte to its last, even while its connection is "
        + "idle. Four workers can therefore have four clients. The other five are connected "
        + "and have sent their requests, but they are still in the queue.",
      .guess(
        "9",
        "You expected a worker to be free after it sends an answer. Each request takes "
          + "microseconds, but a worker doesn't pick up requests one at a time: it reads from its "
          + "client until that client leaves."),
      .guess(
        "1", "You expected chapter 1's server. Here, four threads wait, each for its own client."),
      .guess(
        "5",
        "You expected the main thread to serve clients too. It only accepts them and puts them in "
          + "the queue."
      ))

    clients[1].hangUp()
    let fifth = clients[4].reply()
    let isOnlyOne = served(accordingTo: clients[0], asked: 2) == peak + 1
    compare(
      "next", model: "client 5",
      measured: fifth != nil && isOnlyOne ? "client 5" : "another client",
      because:
        "One worker is free, and it immediately takes the client that has waited longest. What "
        + "the other three workers are doing makes no difference.",
      .guess(
        "no client",
        "You assumed that all of the first four must be done before the next client gets its turn. "
          + "Clients are only served in waves if they all take the same time; no worker waits for "
          + "another one."),
      .guess(
        "client 9",
        "You expected a stack. If the newest client went first, the oldest ones would wait "
          + "forever on a busy day."
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
        "Four, four, and one. The ninth client waits through two whole waves, and then it has a "
        + "server with three idle workers to itself. If each answer took the backend half a "
        + "second, the ninth client would get its answer after one and a half seconds.",
      .guess(
        "2",
        "You rounded down: nine is about two times four. The ninth client doesn't fit into the "
          + "second wave, so it waits longest of all."),
      .guess("9", "You expected one client at a time. Four workers take four at a time."),
      .guess("1", "You expected all nine at once. That would take nine workers."))
  }

  static func connectNine(_ server: Server) -> [Client] {
    (1...9).map { number in
      let client = server.connect("client \(number)")
      client.ask("/stats")
      return client
    }
  }

  /// Returns how many clients have an answer, going by the server's count of requests, minus the
  /// requests that `client` sent to find out.
  static func served(accordingTo client: Client, asked: Int) -> Int {
    client.ask("/stats")
    return (client.reply()?.number("requestsServed") ?? 0) - (asked - 1)
  }
}
