import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("no two clients have the same number") { numbers() },
    Part("a broadcast reaches every client once") { broadcast() },
    Part("a broadcast is one message for each of the other shards") { fewMessages() },
    Part("a client that has left gets nothing, and its number is not given again") { leaving() },
    Part("a frame to one client reaches that client") { toOne() },
    Part("what a shard sends first arrives first") { inOrder() },
    Part("a frame to a number that no client has") { toNone() },
    Part("of a client that has left, nothing is kept") { keepsNothing() },
  ]

  static func numbers() {
    for shards in [3, 1, 2, 5] {
      let cluster = Cluster(shards, clients: 3)
      let all = cluster.clients.map(\.id)
      expect(
        all.allSatisfy { $0 > 0 }, "join has returned a number below 1",
        "The first client of shard 0 is client 1.")
      expect(
        Set(all).count == all.count, "two clients have the same number",
        "Each shard counts for itself, so the numbers must be made so that they cannot meet.",
        happened: "\(shards) shards, three clients each: \(show(all))")
      for index in 0..<shards {
        expect(
          cluster.clients.filter { $0.loop.index == index }.map(\.id),
          equals: (0..<3).map { index + 1 + $0 * shards },
          "shard \(index) of \(shards) gives out other numbers than it should",
          "Shard i of n gives out i + 1, i + 1 + n, i + 1 + 2n: then a number tells its shard, "
            + "and no one has to search."
        )
      }
    }
  }

  static func broadcast() {
    for shards in [3, 1, 4] {
      for count in 1...2 {
        for sender in 0..<shards { broadcast(from: sender, of: shards, clients: count) }
      }
    }
  }

  static func broadcast(from sender: Int, of shards: Int, clients count: Int) {
    let cluster = Cluster(shards, clients: count)
    cluster.on(sender) { $0.broadcast("Hello") }
    cluster.runAll()
    for client in cluster.clients {
      expect(
        client.received.count < 2, "client \(client.id) has got the broadcast twice",
        "Its shard was told twice. The peers include the shard itself.")
      expect(
        client.received.count == 1, "client \(client.id) has not got the broadcast",
        "It is on shard \(client.loop.index). A client of shard \(sender) has sent it, to all "
          + "clients of all shards."
      )
    }
  }

  static func fewMessages() {
    for (shards, clients) in [(3, 100), (6, 2), (2, 0)] {
      let cluster = Cluster(shards, clients: clients)
      cluster.on(1) { $0.broadcast("Hello") }
      cluster.runAll()
      expect(
        cluster.messages, equals: shards - 1,
        "a broadcast of one of \(shards) shards takes another number of messages than it should",
        "One for each of the other shards is enough, however many clients they have: there, the "
          + "frame goes to all members by plain "
          + "calls.")
    }
  }

  static func leaving() {
    let cluster = Cluster(clients: 2)
    let (gone, stays) = (cluster.clients[0], cluster.clients[1])
    cluster.on(0) { $0.leave(gone.id) }
    let new = cluster.join(0)
    expect(
      new.id != stays.id && new.id != gone.id, "client \(new.id)'s number was given out before",
      "The number of the next one was made from how many are here. When one leaves, that is a "
        + "number that another client has "
        + "or had.")
    cluster.on(1) {
      $0.broadcast("Hello")
      $0.send("Hi", to: gone.id)
    }
    cluster.on(0) { $0.send("Hi", to: gone.id) }
    cluster.runAll()
    expect(
      gone.received, equals: [], "client \(gone.id) has left, and still gets frames",
      "Its socket is closed, and by now the descriptor may be another client's.")
    expect(
      [stays.received, new.received], equals: [["Hello"], ["Hello"]],
      "clients that have stayed or come miss a broadcast, or get frames of another",
      "That one client has left is no reason.")
  }

  static func toOne() {
    for shards in [3, 1, 4] {
      for receiver in 1...2 * shards {
        let cluster = Cluster(shards, clients: 2)
        let (sender, owner) = (shards == 1 ? 0 : 1, (receiver - 1) % shards)
        cluster.on(sender) { $0.send("Hi", to: receiver) }
        cluster.runAll()
        expect(
          cluster.clients.filter { $0.received == ["Hi"] }.map(\.id), equals: [receiver],
          "a frame for client \(receiver) should reach client \(receiver), and no other",
          "Client \(receiver) of \(shards) shards is on shard \(owner). The first number is 1, "
            + "the first shard is 0."
        )
        expect(
          cluster.messages, equals: owner == sender ? 0 : 1,
          "a frame from shard \(sender) to client \(receiver) should take "
            + "\(owner == sender ? "no" : "one") message",
          "The number tells the shard, so no other one has to be asked. And a shard need not ask "
            + "itself."
        )
      }
    }
  }

  static func inOrder() {
    for isBackwards in [false, true] {
      for receiver in 1...3 {
        let cluster = Cluster(clients: 1)
        cluster.on(1) { shard in
          shard.broadcast("first")
          shard.send("second", to: receiver)
          shard.broadcast("third")
        }
        cluster.runAll(backwards: isBackwards)
        expect(
          cluster.clients.first { $0.id == receiver }?.received ?? [],
          equals: ["first", "second", "third"],
          "client \(receiver) gets the frames in another order",
          receiver == 2
            ? "A broadcast waited in the queue of shard 1, as a message to itself, while the "
              + "frame to one of its clients went out at "
              + "once. A shard's own clients need no message: deliver the frame there before you "
              + "continue."
            : "Shard 1 has sent them to shard \(receiver - 1), where client \(receiver) is. A "
              + "message that is passed on by another "
              + "shard is overtaken by one that goes there directly: send each of them straight "
              + "to the shard that owns the client."
        )
      }
    }
  }

  static func toNone() {
    let small =
      "The number is what some client has typed: 'send 0 Hello'. The remainder of a negative "
      + "number is negative, and an index "
      + "out of range ends the server for all clients."
    let smallest =
      "The number is what some client has typed, and this is the smallest there is. Less than "
      + "that is no number, and to compute it "
      + "ends the server for all clients. Compare first, then compute."
    let large =
      "The number is what some client has typed, and it may be as large as an Int can be. A "
      + "smaller type does not hold it, and a sum "
      + "or a product may not fit: both end the server for all clients."
    for number in [0, -1, -4, 7, 1_000_000, 5_000_000_000, .max, .max - 1, .min, .min + 1] {
      explain(crash: number == .min ? smallest : number < 1_000 ? small : large) {
        for sender in 0..<3 {
          let cluster = Cluster(clients: 2)
          Events.add("shard \(sender): sends a frame to client \(number), and there is none")
          cluster.on(sender) { $0.send("Hi", to: number) }
          cluster.runAll()
          let got = cluster.clients.filter { !$0.received.isEmpty }.map(\.id)
          expect(
            got, equals: [], "no client has the number \(number), and one gets the frame",
            "Only the client with exactly this number is meant.")
          cluster.on(0) { if number < 1 || number > 6 { $0.leave(number) } }
        }
      }
    }
  }

  /// The check holds the clients weakly: what is left of them, the shard keeps.
  static func keepsNothing() {
    let cluster = Cluster(clients: 0)
    var kept: [WeakClient] = []
    for _ in 1...20 {
      let client = cluster.join(0)
      kept.append(WeakClient(client: client))
      cluster.on(0) { $0.leave(client.id) }
      cluster.forget()
    }
    expect(
      kept.count { $0.client != nil }, equals: 0,
      "twenty clients have left, and the shard still keeps this many",
      "leave has to remove the client from all variables, or its memory is never given back.")
  }

  struct WeakClient { weak var client: Client? }
}

extension Check {
  /// Shards, three if not said otherwise, whose threads run when the check lets them.
  final class Cluster {
    private let loops: [Loop]
    private let shards: [Shard]
    private(set) var clients: [Client] = []
    var messages: Int { loops.reduce(0) { $0 + $1.messages } }

    /// - Parameter count: how many of them each shard has.
    init(_ number: Int = 3, clients count: Int) {
      loops = (0..<number).map { Loop($0) }
      shards = loops.map { Shard($0.index, $0) }
      for shard in shards { shard.peers = shards }
      for index in 0..<number { for _ in 0..<count { _ = join(index) } }
      Events.start("what the threads did:")
    }

    func join(_ index: Int) -> Client {
      let client = Client(loops[index])
      clients.append(client)
      on(index) { client.id = $0.join(client) }
      return client
    }

    /// Holds the clients no longer.
    func forget() { clients = [] }

    /// As the thread of this shard.
    func on(_ index: Int, _ body: (Shard) -> Void) {
      loops[index].run { body(shards[index]) }
    }

    /// Until all queues are empty.
    /// - Parameter backwards: the last of the shards first.
    func runAll(backwards: Bool = false) {
      let order = backwards ? loops.reversed() : loops
      while let loop = order.first(where: { !$0.queue.isEmpty }) {
        loop.run(loop.queue.removeFirst())
      }
    }
  }
}

/// A thread with its queue.
final class Loop {
  nonisolated(unsafe) private(set) static var current: Loop?

  let index: Int
  fileprivate var queue: [() -> Void] = []
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

/// A variable of a shard, which notices whose thread touches it.
@propertyWrapper
struct Owned<Value> {
  private var value: Value

  init(wrappedValue: Value) { value = wrappedValue }

  @available(*, unavailable, message: "@Owned is for the variables of a Shard")
  var wrappedValue: Value {
    get { value }
    set { value = newValue }
  }

  static subscript(
    _enclosingInstance shard: Shard, wrapped _: ReferenceWritableKeyPath<Shard, Value>,
    storage storage: ReferenceWritableKeyPath<Shard, Owned<Value>>
  ) -> Value {
    get {
      expectOwner(shard)
      return shard[keyPath: storage].value
    }
    set {
      expectOwner(shard)
      shard[keyPath: storage].value = newValue
    }
  }

  private static func expectOwner(_ shard: Shard) {
    guard let thread = Loop.current?.index, thread != shard.index else { return }
    fail(
      "the thread of shard \(thread) looks into shard \(shard.index)",
      "There is no lock here. While one thread reads a dictionary, its owner may change it: that "
        + "is a data race. A shard's variables "
        + "belong to its own thread; leave the shard a message, and look there.")
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
      "the thread of shard \(thread) has touched client \(id), which belongs to shard "
        + "\(loop.index)",
      "There is no lock here. What keeps two threads from writing to one socket at once is that "
        + "each touches its own "
        + "clients only, and leaves a message for the others.")
    received.append(frame)
  }
}
