import Kit

/// A client, as the manager sees it.
final class Client: Sendable {
  let number = Counter()
  let texts = Counter()
  let welcomes = Counter()
  private let gate: Gate

  init(_ gate: Gate) { self.gate = gate }

  /// It may take a while until this has reached the client.
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
    Part("three clients, one after the other: 1, 2, 3") { inTurn() },
    Part("what is sent to a number reaches the client that has it") { reaches() },
    Part("a number is not given again") { notAgain() },
    Part("three clients at the same time") { together() },
    Part("a client that leaves while it is welcomed") { leavesEarly() },
    Part("of a client that has left, the manager keeps nothing") { keepsNothing() },
  ]

  static func inTurn() {
    // Played several times, each time with a new manager.
    play { manager, gate in
      for expected in 1...3 {
        let id = await manager.register(Client(gate))
        expect(
          id, equals: expected, "the number of the client that came as number \(expected)",
          id > expected
            ? "It is a new manager, and it continues where another one has ended: the numbers "
              + "come from a counter outside of the "
              + "manager. That is shared state that needs a guard, and sooner or later one line "
              + "forgets it."
            : "The numbers are 1, 2, 3, in the order in which clients register.")
      }
    }
  }

  static func reaches() {
    play { manager, gate in
      let (one, other) = (Client(gate), Client(gate))
      _ = await manager.register(one)
      let id = await manager.register(other)
      expect(
        await manager.send("hi", to: id), equals: true, "client \(id) is here, and send says no")
      expect([one, other].map(\.texts.value), equals: [0, 1], "who got the text for client \(id)")
      for number in [99, 0, -1] {
        expect(await manager.send("hi", to: number), equals: false, "there is no client \(number)")
        await manager.unregister(number)
      }
      expect(
        await manager.send("hi", to: 1), equals: true,
        "a number that no client has was unregistered, and client 1 is not found any more")
    }
  }

  static func notAgain() {
    play { manager, gate in
      var last = 0
      for _ in 1...3 { last = await manager.register(Client(gate)) }
      await manager.unregister(1)
      expect(await manager.send("hi", to: 1), equals: false, "client 1 has left, and send says yes")
      let id = await manager.register(Client(gate))
      expect(
        id, equals: last + 1, "clients 1, 2 and 3 came, client 1 left, and the next one came",
        id == last
          ? "How many clients are here says nothing about the numbers that were given: now two of "
            + "them have the same."
          : "What was meant for the client that left now reaches another one.")
      await manager.unregister(id)
      expect(
        await manager.register(Client(gate)), equals: id + 1,
        "client \(id), the last one that came, left at once, and the next one came",
        "The highest number of the clients that are here says nothing either: the client that had "
          + "it may have left. Count how "
          + "many came."
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
            "register has returned, and how often the client was welcomed",
            "Tell it its number once, with `await client.welcome(as:)`, before register returns.")
          expect(
            id, equals: client.number.value,
            "what register returns is not the number that it was welcomed with",
            "During the await the variable has changed: others have registered. Keep the number "
              + "in a constant."
          )
        }
      }
      stage.settle()
      gate.open()
      pool.join()
      expect(
        clients.map(\.number.value).sorted(), equals: [1, 2, 3], "the numbers of three clients",
        "While the first client was being welcomed, another one asked for its number, and the "
          + "variable still said the old "
          + "one. What belongs together must happen before the await.")
    }
  }

  static func leavesEarly() {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      let (manager, gate) = (ConnectionManager(), Gate("the welcome", stage))
      pool.task("client a") { _ = await manager.register(Client(gate)) }
      stage.settle()
      pool.task("the end of client 1") { await manager.unregister(1) }
      stage.settle()
      gate.open()
      pool.join()
      pool.task("another client") {
        expect(
          await manager.send("hi", to: 1), equals: false,
          "client 1 has left during its welcome, and send says yes",
          "It was entered after it had left, and nothing will take it out again. Enter it in the "
            + "same step that gives it its number, "
            + "before the await.")
        expect(
          await manager.register(Client(gate)), equals: 2,
          "client 1 has left during its welcome, and its number is given again",
          "A number that was given is gone, whatever became of its client: others may know it "
            + "already. What was meant for client 1 "
            + "would reach this one.")
      }
      pool.join()
    }
  }

  /// The check holds the clients weakly: what is left of them, the manager keeps.
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
        "twenty clients have left, and the manager still keeps this many",
        "Each of them holds memory that is never given back. unregister has to remove the client "
          + "from all variables."
      )
    }
  }

  struct WeakClient {
    weak var client: Client?
    init(_ client: Client) { self.client = client }
  }

  static let stuck = "The client has been welcomed: nothing is left to wait for."

  static func play(_ body: @escaping @Sendable (ConnectionManager, Gate) async -> Void) {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      let gate = Gate("the welcome", stage)
      gate.open()
      pool.task("the test") { await body(ConnectionManager(), gate) }
      pool.join()
    }
  }
}
