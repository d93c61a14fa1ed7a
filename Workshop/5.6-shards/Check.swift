import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("no two clients have the same number") { numbers() },
    Part("a broadcast reaches every client once") { broadcast() },
    Part("a broadcast is one message for each of the other shards") { fewMessages() },
    Part("who has left gets nothing, and nobody gets its number") { leaving() },
    Part("a frame to one client reaches that client") { toOne() },
    Part("what a shard sends first arrives first") { inOrder() },
    Part("a frame to a number that nobody has") { toNobody() },
  ]

  static func numbers() {
    let cluster = Cluster(clients: 3)
    let all = cluster.clients.map(\.id)
    expect(
      all.allSatisfy { $0 > 0 }, "join has returned a number below 1",
      "The first client of shard 0 is client 1.")
    expect(
      Set(all).count == all.count, "two clients have the same number",
      "Each shard counts for itself, so the numbers must be made so that they cannot meet.",
      happened: "shard 0, then 1, then 2 gave out \(show(all))")
    for index in 0..<3 {
      expect(
        cluster.clients.filter { $0.loop.index == index }.map(\.id),
        equals: [index + 1, index + 4, index + 7],
        "shard \(index) gives out other numbers than it should",
        "Shard i of n gives out i + 1, i + 1 + n, i + 1 + 2n: then a number tells its shard, and nobody has to search."
      )
    }
  }

  static func broadcast() {
    for count in 1...2 { for sender in 0..<3 { broadcast(from: sender, clients: count) } }
  }

  static func broadcast(from sender: Int, clients count: Int) {
    let cluster = Cluster(clients: count)
    cluster.on(sender) { $0.broadcast("Hello") }
    cluster.runAll()
    for client in cluster.clients {
      expect(
        client.received.count < 2, "client \(client.id) has got the broadcast twice",
        "Its shard has heard of it twice. The peers include the shard itself.")
      expect(
        client.received.count == 1, "client \(client.id) has not got the broadcast",
        "It is on shard \(client.loop.index). A client of shard \(sender) has sent it, to all clients of all shards."
      )
    }
  }

  static func fewMessages() {
    let cluster = Cluster(clients: 100)
    cluster.on(1) { $0.broadcast("Hello") }
    cluster.runAll()
    expect(
      cluster.messages, equals: 2,
      "a broadcast of shard 1 should take two messages, with 300 clients too",
      "One for each of the other shards is enough: there, the frame goes to all members by plain calls."
    )
  }

  static func leaving() {
    let cluster = Cluster(clients: 2)
    let (gone, stays) = (cluster.clients[0], cluster.clients[1])
    cluster.on(0) { $0.leave(gone.id) }
    let new = cluster.join(0)
    expect(
      new.id != stays.id && new.id != gone.id, "client \(new.id)'s number was given out before",
      "The number of the next one was made from how many are here. When one leaves, that is a number that somebody else has "
        + "or had.")
    cluster.on(1) { $0.broadcast("Hello") }
    cluster.runAll()
    expect(
      gone.received, equals: [], "client \(gone.id) has left, and still gets broadcasts",
      "Its socket is closed, and by now the descriptor may be another client's.")
    expect(
      [stays.received, new.received], equals: [["Hello"], ["Hello"]],
      "who has stayed or come misses a broadcast", "That somebody else has left is no reason.")
  }

  static func toOne() {
    for receiver in 1...6 {
      let cluster = Cluster(clients: 2)
      cluster.on(1) { $0.send("Hi", to: receiver) }
      cluster.runAll()
      expect(
        cluster.clients.filter { $0.received == ["Hi"] }.map(\.id), equals: [receiver],
        "a frame for client \(receiver) should reach client \(receiver), and nobody else",
        "Client \(receiver) is on shard \((receiver - 1) % 3). The first number is 1, the first shard is 0."
      )
      expect(
        cluster.messages, equals: receiver % 3 == 2 ? 0 : 1,
        "a frame from shard 1 to client \(receiver) should take \(receiver % 3 == 2 ? "no" : "one") message",
        "The number tells the shard, so nobody else has to be asked. And shard 1 need not ask itself."
      )
    }
  }

  static func inOrder() {
    for receiver in 1...3 {
      let cluster = Cluster(clients: 1)
      cluster.on(1) { shard in
        shard.broadcast("first")
        shard.send("second", to: receiver)
      }
      cluster.runAll()
      expect(
        cluster.clients.first { $0.id == receiver }?.received ?? [], equals: ["first", "second"],
        "client \(receiver) gets the second frame before the first",
        "The broadcast lay in the queue of shard 1, as a message to itself, while the frame to one of its clients went out at once. "
          + "A shard's own clients need no message: deliver the frame there before you go on.")
    }
  }

  static func toNobody() {
    let why =
      "The number is what some client has typed: 'send 0 Hello'. The remainder of a negative number is negative, and an index "
      + "out of range ends the server for everybody."
    let smallest =
      "The number is what some client has typed, and this is the smallest there is. Less than that is no number, and to compute it "
      + "ends the server for everybody. Compare first, then compute."
    for number in [0, -4, 7, 1_000_000, .min] {
      explain(crash: number == .min ? smallest : why) {
        let cluster = Cluster(clients: 2)
        Events.add("shard 0: sends a frame to client \(number), and there is none")
        cluster.on(0) { $0.send("Hi", to: number) }
        cluster.runAll()
        let got = cluster.clients.filter { !$0.received.isEmpty }.map(\.id)
        expect(got, equals: [], "nobody has the number \(number), and somebody gets the frame")
      }
    }
  }
}

/// Three shards, whose threads run when the check lets them.
final class Cluster {
  private let loops = (0..<3).map { Loop($0) }
  private let shards: [Shard]
  private(set) var clients: [Client] = []
  var messages: Int { loops.reduce(0) { $0 + $1.messages } }

  /// - Parameter count: how many of them each shard has.
  init(clients count: Int) {
    shards = loops.map { Shard($0.index, $0) }
    for shard in shards { shard.peers = shards }
    for index in 0..<3 { for _ in 0..<count { _ = join(index) } }
    Events.start("what the threads did:")
  }

  func join(_ index: Int) -> Client {
    let client = Client(loops[index])
    clients.append(client)
    on(index) { client.id = $0.join(client) }
    return client
  }

  /// As the thread of this shard.
  func on(_ index: Int, _ body: (Shard) -> Void) {
    loops[index].run { body(shards[index]) }
  }

  /// Until all queues are empty.
  func runAll() {
    while let loop = loops.first(where: { !$0.queue.isEmpty }) {
      loop.run(loop.queue.removeFirst())
    }
  }
}

/// A thread with its queue.
final class Loop {
  nonisolated(unsafe) private(set) static var current: Loop?

  let index: Int
  var queue: [() -> Void] = []
  /// How many came from other threads.
  private(set) var messages = 0
  private var told = 0

  init(_ index: Int) { self.index = index }

  func perform(_ message: @escaping () -> Void) {
    if let sender = Loop.current, sender !== self {
      messages += 1
      Events.add("shard \(sender.index): leaves a message for shard \(index)")
    }
    told += 1
    expect(told < 1000, "the messages do not end", "What a message does must not make new ones.")
    queue.append(message)
  }

  func run(_ body: () -> Void) {
    Loop.current = self
    body()
    Loop.current = nil
  }
}

/// A client, which notices whose thread touches it.
final class Client {
  let loop: Loop
  var id = 0
  private(set) var received: [String] = []

  init(_ loop: Loop) { self.loop = loop }

  func send(_ frame: String) {
    let thread = Loop.current?.index ?? 0
    Events.add("shard \(thread): client \(id) gets \(show(frame))")
    expect(
      thread == loop.index,
      "the thread of shard \(thread) has touched client \(id), which belongs to shard \(loop.index)",
      "There is no lock here. What keeps two threads from writing to one socket at once is that each touches its own "
        + "clients only, and leaves a message for the others.")
    received.append(frame)
  }
}
