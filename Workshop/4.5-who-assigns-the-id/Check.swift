import Kit

/// The manager's view of a client.
final class Client: Sendable {
  let number = Counter()
  let texts = Counter()
  let welcomes = Counter()
  private let gate: Gate

  init(_ gate: Gate) { self.gate = gate }

  /// This message may take a while to reach the client.
  func welcome(as id: Int) async {
    welcomes.add()
    number.add(id)
    await gate.pass()
  }

  func post(_ text: String) { texts.add() }
}

@main
enum Check: Checks {
  static let parts = [
    Part("three clients register one after another and get 1, 2 and 3") { inTurn() },
    Part("a text sent to a number reaches the client with that number") { reaches() },
    Part("no number is assigned twice") { notAgain() },
    Part("three clients register at the same time") { together() },
    Part("a client leaves while it is being welcomed") { leavesEarly() },
    Part("the manager keeps nothing about a client that left") { keepsNothing() },
  ]

  static func inTurn() {
    // This scene runs several times, each time with a new manager.
    play { manager, gate in
      for expected in 1...3 {
        let id = await manager.register(Client(gate))
        expect(
          id, equals: expected,
          "a client should have been number \(expected), but it got a different number",
          id > expected
            ? "This manager is new, but it continues from the last number of another manager: its "
              + "numbers come from a counter outside the manager. A shared counter needs its own "
              + "lock, and sooner or later some line of code forgets to take it."
            : "The numbers must be 1, 2, 3, in the order in which the clients register.")
      }
    }
  }

  static func reaches() {
    play { manager, gate in
      let (one, other) = (Client(gate), Client(gate))
      _ = await manager.register(one)
      let id = await manager.register(other)
      expect(
        await manager.send("hi", to: id), equals: true,
        "client \(id) is registered, but send returned false")
      expect(
        [one, other].map(\.texts.value), equals: [0, 1],
        "the text for client \(id) went to the wrong clients")
      for number in [99, 0, -1] {
        expect(
          await manager.send("hi", to: number), equals: false,
          "there is no client \(number), but send returned true")
        await manager.unregister(number)
      }
      expect(
        await manager.send("hi", to: 1), equals: true,
        "unregister was called with a number that no client has, and now send cannot find client 1")
    }
  }

  static func notAgain() {
    play { manager, gate in
      var last = 0
      for _ in 1...3 { last = await manager.register(Client(gate)) }
      await manager.unregister(1)
      expect(
        await manager.send("hi", to: 1), equals: false, "client 1 left, but send to 1 returned true"
      )
      let id = await manager.register(Client(gate))
      expect(
        id, equals: last + 1,
        "clients 1, 2 and 3 registered, client 1 left, and the next client got the wrong number",
        id == last
          ? "The number of clients that are connected says nothing about the numbers that were "
            + "given out: now two clients have the same number."
          : "A message for the client that left now reaches a different client.")
      await manager.unregister(id)
      expect(
        await manager.register(Client(gate)), equals: id + 1,
        "client \(id) was the last to register and left at once, and the next client got the wrong "
          + "number",
        "The highest number among the connected clients is not enough, because the client that had "
          + "the last number may have left. Count how many clients have registered."
      )
    }
  }

  static func together() {
    explore(poolThreads: 2, stuck: stuck) { stage, pool in
      let (manager, gate) = (ConnectionManager(), Gate("the welcome", stage))
      let clients = (1...3).map { _ in Client(gate) }
      for (index, client) in clients.enumerated() {
        pool.task("client \("abc".map(String.init)[index])") {
          let id = await manager.register(client)
          expect(
            client.welcomes.value, equals: 1,
            "register returned, but the client was not welcomed exactly once",
            "Tell the client its number once, with `await client.welcome(as:)`, before register "
              + "returns.")
          expect(
            id, equals: client.number.value,
            "register returned a different number from the one in the welcome",
            "The variable changed during the await, because other clients registered. Keep the "
              + "number in a constant."
          )
        }
      }
      stage.settle()
      gate.open()
      pool.join()
      expect(
        clients.map(\.number.value).sorted(), equals: [1, 2, 3],
        "three clients registered at the same time but did not get 1, 2 and 3",
        "While the first client was being welcomed, another client asked for a number, and the "
          + "variable still had the old value. Steps that belong together must happen before the "
          + "await.")
    }
  }

  static func leavesEarly() {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      let (manager, gate) = (ConnectionManager(), Gate("the welcome", stage))
      pool.task("client a") { _ = await manager.register(Client(gate)) }
      stage.settle()
      pool.task("client 1 leaves") { await manager.unregister(1) }
      stage.settle()
      gate.open()
      pool.join()
      pool.task("another client") {
        expect(
          await manager.send("hi", to: 1), equals: false,
          "client 1 left during its welcome, but send to 1 returned true",
          "The client was added after it had left, and nothing will ever remove it. Add the client "
            + "in the same step that gives it its number, before the await.")
        expect(
          await manager.register(Client(gate)), equals: 2,
          "client 1 left during its welcome, and its number was given to the next client",
          "A number must not be used again, even if its client left early: other clients may "
            + "already know it, and a message for client 1 would reach this one.")
      }
      pool.join()
    }
  }

  /// The check holds only weak references to the clients, so the manager keeps alive any that still
  /// exist.
  static func keepsNothing() {
    play { manager, gate in
      var kept: [WeakClient] = []
      for _ in 1...20 {
        let client = Client(gate)
        kept.append(WeakClient(client))
        let id = await manager.register(client)
        await manager.unregister(id)
      }
      expect(
        kept.count { $0.client != nil }, equals: 0,
        "twenty clients left, but the manager still keeps this many",
        "Their memory is never freed, so the server uses more memory with every client that "
          + "connects. unregister must remove the client from every variable."
      )
    }
  }

  struct WeakClient {
    weak var client: Client?
    init(_ client: Client) { self.client = client }
  }

  static let stuck = "The client has been welcomed, so there is nothing left to wait for."

  static func play(_ body: @escaping @Sendable (ConnectionManager, Gate) async -> Void) {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      let gate = Gate("the welcome", stage)
      gate.open()
      pool.task("the test") { await body(ConnectionManager(), gate) }
      pool.join()
    }
  }
}
