import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("no two clients have the same number") { numbers() },
    Part("a broadcast reaches every client once") { broadcast() },
    Part("a broadcast takes one message to each of the other shards") { fewMessages() },
    Part("a client that left gets nothing, and its number is not used again") { leaving() },
    Part("a frame to one client reaches that client") { toOne() },
    Part("frames from one shard arrive in the order in which they were sent") { inOrder() },
    Part("a frame to a number that no client has reaches no client") { toNone() },
    Part("nothing is kept about a client that left") { keepsNothing() },
  ]

  static func numbers() {
    for shards in [3, 1, 2, 5] {
      let cluster = Cluster(shards, clients: 3)
      let all = cluster.clients.map(\.id)
      expect(
        all.allSatisfy { $0 > 0 }, "join returned a number below 1",
        "The first client of shard 0 must get number 1.")
      expect(
        Set(all).count == all.count, "two clients have the same number",
        "Each shard counts on its own, so the numbers must be built so that two shards can never "
          + "return the same one. Otherwise a message for one client reaches another.",
        happened: "\(shards) shards with three clients each: \(show(all))")
      for index in 0..<shards {
        expect(
          cluster.clients.filter { $0.loop.index == index }.map(\.id),
          equals: (0..<3).map { index + 1 + $0 * shards },
          "shard \(index) of \(shards) gives out the wrong numbers",
          "Shard i of n gives out i + 1, i + 1 + n, i + 1 + 2n: then the number alone tells which "
            + "shard owns the client, and no search is needed."
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
        client.received.count < 2, "client \(client.id) got the broadcast twice",
        "Its shard was told twice: `peers` includes the shard itself.")
      expect(
        client.received.count == 1, "client \(client.id) did not get the broadcast",
        "This client is on shard \(client.loop.index). A client of shard \(sender) sent the "
          + "broadcast, and it must reach all clients of all shards."
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
        "a broadcast with \(shards) shards took the wrong number of messages",
        "One message to each of the other shards is enough, however many clients they have: each "
          + "shard's thread sends the frame to its own members with plain calls. A message to "
          + "another thread costs far more than a call.")
    }
  }

  static func leaving() {
    let cluster = Cluster(clients: 2)
    let (gone, stays) = (cluster.clients[0], cluster.clients[1])
    cluster.on(0) { $0.leave(gone.id) }
    let new = cluster.join(0)
    expect(
      new.id != stays.id && new.id != gone.id,
      "the number of client \(new.id) was already given to another client",
      "The next number was computed from the number of connected clients. When a client leaves, "
        + "that number belongs, or belonged, to another client.")
    cluster.on(1) {
      $0.broadcast("Hello")
      $0.send("Hi", to: gone.id)
    }
    cluster.on(0) { $0.send("Hi", to: gone.id) }
    cluster.runAll()
    expect(
      gone.received, equals: [], "client \(gone.id) left, but still gets frames",
      "Its socket is closed, and the descriptor may already belong to another client.")
    expect(
      [stays.received, new.received], equals: [["Hello"], ["Hello"]],
      "a client that stayed or joined later missed a broadcast, or got a frame for another client",
      "One client leaving must not affect the others.")
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
          "a frame for client \(receiver) did not reach client \(receiver) alone",
          "With \(shards) shards, client \(receiver) is on shard \(owner). Client numbers start at "
            + "1, and shard numbers at 0."
        )
        expect(
          cluster.messages, equals: owner == sender ? 0 : 1,
          "a frame from shard \(sender) to client \(receiver) should take "
            + "\(owner == sender ? "no message" : "one message")",
          "The number tells which shard owns the client, so no other shard needs a message, and a "
            + "shard needs no message to itself."
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
          "client \(receiver) got the frames in the wrong order",
          receiver == 2
            ? "A broadcast waited in the queue of shard 1, as a message to itself, while a later "
              + "frame to one of its clients was sent directly. A shard needs no message to reach "
              + "its own clients: deliver the frame to them before you do anything else."
            : "Shard 1 sent these frames to shard \(receiver - 1), which owns client \(receiver). "
              + "A message that another shard passes on is overtaken by a message that goes there "
              + "directly: send each message straight to the shard that owns the client."
        )
      }
    }
  }

  static func toNone() {
    let small =
      "A client typed this number, as in 'send 0 Hello'. The remainder of a negative number is "
      + "negative, and an index out of range crashes the server for all clients."
    let smallest =
      "A client typed this number, and it is the smallest Int there is. Subtracting from it "
      + "overflows, which crashes the server for all clients. Compare first, then calculate."
    let large =
      "A client typed this number, and it can be as large as an Int can be. A smaller type cannot "
      + "hold it, and a sum or a product may overflow. Either one crashes the server for all "
      + "clients."
    for number in [0, -1, -4, 7, 1_000_000, 5_000_000_000, .max, .max - 1, .min, .min + 1] {
      explain(crash: number == .min ? smallest : number < 1_000 ? small : large) {
        for sender in 0..<3 {
          let cluster = Cluster(clients: 2)
          Events.add("shard \(sender): sends a frame to client \(number), which does not exist")
          cluster.on(sender) { $0.send("Hi", to: number) }
          cluster.runAll()
          let got = cluster.clients.filter { !$0.received.isEmpty }.map(\.id)
          expect(
            got, equals: [], "no client has the number \(number), but a client got the frame",
            "A frame must reach only the client with exactly this number.")
          cluster.on(0) { if number < 1 || number > 6 { $0.leave(number) } }
        }
      }
    }
  }

  /// The check holds only weak references to the clients, so the shard keeps alive any that still
  /// exist.
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
      "twenty clients left, but the shard still keeps this many",
      "leave must remove the client from every variable, or its memory is never freed.")
  }

  struct WeakClient { weak var client: Client? }
}

extension Check {
  /// Shards (three by default) whose threads run when the check lets them.
  final class Cluster {
    private let loops: [Loop]
    private let shards: [Shard]
    private(set) var clients: [Client] = []
    var messages: Int { loops.reduce(0) { $0 + $1.messages } }

    /// - Parameter count: the number of clients on each shard.
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

    /// Drops the cluster's references to the clients.
    func forget() { clients = [] }

    /// Runs the body as the thread of this shard.
    func on(_ index: Int, _ body: (Shard) -> Void) {
      loops[index].run { body(shards[index]) }
    }

    /// Runs the threads until all queues are empty.
    /// - Parameter backwards: runs the last shard first.
    func runAll(backwards: Bool = false) {
      let order = backwards ? loops.reversed() : loops
      while let loop = order.first(where: { !$0.queue.isEmpty }) {
        loop.run(loop.queue.removeFirst())
      }
    }
  }
}

/// A thread and its queue.
final class Loop {
  nonisolated(unsafe) private(set) static var current: Loop?

  let index: Int
  fileprivate var queue: [() -> Void] = []
  /// The number of messages that came from other threads.
  private(set) var messages = 0
  private var told = 0

  init(_ index: Int) { self.index = index }

  func perform(_ message: @escaping () -> Void) {
    if let sender = Loop.current, sender !== self {
      messages += 1
      Events.add("shard \(sender.index): leaves a message for shard \(index)")
    }
    told += 1
    expect(
      told < 1000, "the shards never stop sending messages",
      "Handling a message must not send another one, or the threads will be busy with messages "
        + "forever.")
    queue.append(message)
  }

  func run(_ body: () -> Void) {
    Loop.current = self
    body()
    Loop.current = nil
  }
}

/// A variable of a shard that detects which thread touches it.
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
      "the thread of shard \(thread) touched a variable of shard \(shard.index)",
      "There is no lock here. While one thread reads a dictionary, the thread that owns it may "
        + "change it, and that is a data race. Only a shard's own thread may touch its variables, "
        + "so leave a message for the shard, and read the variable there.")
  }
}

/// A client that detects which thread touches it.
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
      "the thread of shard \(thread) touched client \(id), which belongs to shard \(loop.index)",
      "There is no lock here. Two threads never write to the same socket at once, because each "
        + "thread touches only its own clients and leaves messages for the others.")
    received.append(frame)
  }
}
