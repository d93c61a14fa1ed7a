import Kit

/// A client, as the manager sees it.
final class Client: Sendable {
  let number = Counter()
  let texts = Counter()
  private let gate: Gate

  init(_ gate: Gate) { self.gate = gate }

  /// It may take a while until this has reached the client.
  func welcome(as id: Int) async {
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
  ]

  static func inTurn() {
    // Played several times, each time with a new manager.
    play { manager, gate in
      for expected in 1...3 {
        let id = await manager.register(Client(gate))
        expect(
          id, equals: expected, "the number of the client that came as number \(expected)",
          id > expected
            ? "It is a new manager, and it goes on where another one has ended: the numbers come from a counter outside of the manager. "
              + "That is shared state. Somebody has to guard it, and somebody will forget to." : "")
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
      expect(await manager.send("hi", to: 99), equals: false, "there is no client 99")
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
          ? "How many clients are here says nothing about the numbers that were given: now two of them have the same."
          : "What was meant for the one who left now reaches somebody else.")
      await manager.unregister(id)
      expect(
        await manager.register(Client(gate)), equals: id + 1,
        "client \(id), the last one that came, left at once, and the next one came",
        "The highest number of those who are here says nothing either: whoever had it may have left. Count how many came."
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
            id, equals: client.number.value,
            "what register returns is not the number that it was welcomed with",
            "During the await the variable has changed: others have registered. Keep the number in a constant."
          )
        }
      }
      stage.settle()
      gate.open()
      pool.join()
      expect(
        clients.map(\.number.value).sorted(), equals: [1, 2, 3], "the numbers of three clients",
        "While the first client was being welcomed, another one asked for its number, and the variable still said the old "
          + "one. Whatever belongs together must happen before the await.")
    }
  }

  static func leavesEarly() {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      let (manager, gate) = (ConnectionManager(), Gate("the welcome", stage))
      pool.task("client a") { _ = await manager.register(Client(gate)) }
      stage.settle()
      pool.task("whoever saw it go") { await manager.unregister(1) }
      stage.settle()
      gate.open()
      pool.join()
      pool.task("another client") {
        expect(
          await manager.send("hi", to: 1), equals: false,
          "client 1 has left during its welcome, and send says yes",
          "It was entered after it had left, and nobody will take it out again. Enter it in the same step that gives it its number, "
            + "before the await.")
      }
      pool.join()
    }
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
