import Kit

/// Says who may come in, after a while.
final class Blocklist: Sendable {
  let gate: Gate

  init(_ stage: Stage) { gate = Gate("the blocklist", stage) }

  func allows(_ client: String) async -> Bool {
    await gate.pass()
    return client != "mallory"
  }
}

@main
enum Check: Checks {
  static let parts = [
    Part("one after the other: as many as the limit allows") { inTurn() },
    Part("two clients at the same time, and one place") { onePlace() },
    Part("two clients at the same time, and two places") { twoPlaces() },
    Part("a client from the blocklist takes nobody's place") { blocked() },
  ]

  static func inTurn() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 2, blocklist: blocklist)
      blocklist.gate.open()
      pool.task("the clients") {
        let first = [await entrance.enter("a"), await entrance.enter("b")]
        expect(first, equals: [true, true], "there are two places, and not both are given away")
        expect(
          await entrance.enter("c"), equals: false, "two places, and a third client comes in",
          "A place is taken from enter to leave. Here it is given back before the client has left.")
        await entrance.leave()
        expect(
          await entrance.enter("d"), equals: true, "one has left, and nobody can follow",
          "A client that found the place full was refused, and is counted all the same.")
      }
      pool.join()
    }
  }

  static func onePlace() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      let admitted = Counter()
      ask(entrance, ["alice", "bob"], pool, admitted)
      stage.settle()
      blocklist.gate.open()
      pool.join()
      expect(
        admitted.value, equals: 1, "one place, and the number of clients inside is another one",
        "Both have looked at the limit before either was let in. At an await the actor is free for others, so what was "
          + "true before it may not be true after it.")
    }
  }

  static func twoPlaces() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 2, blocklist: blocklist)
      let admitted = Counter()
      ask(entrance, ["alice", "bob"], pool, admitted)
      stage.settle()
      let lookups = blocklist.gate.waiting
      blocklist.gate.open()
      pool.join()
      expect(
        admitted.value, equals: 2, "there was a place for each of the two, and one was refused",
        "That somebody else is being looked up is no reason to refuse: there is a place left.")
      expect(
        lookups, equals: 2, "the second client is looked up only when the first one has been",
        "Now each client waits for all those before it. One lookup that takes long stops everybody: head-of-line "
          + "blocking, as in chapter 1.")
    }
  }

  static func blocked() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      blocklist.gate.open()
      pool.task("the clients") {
        expect(
          await entrance.enter("mallory"), equals: false, "the blocklist said no, and it came in")
        expect(
          await entrance.enter("alice"), equals: true,
          "nobody is inside, and a client is refused",
          "The place that was taken for the one on the blocklist was not given back. After a few of those the entrance is "
            + "closed for ever.")
      }
      pool.join()
    }
  }

  static func ask(_ entrance: Entrance, _ clients: [String], _ pool: Pool, _ admitted: Counter) {
    for client in clients {
      pool.task(client) { if await entrance.enter(client) { admitted.add() } }
    }
  }

  static func play(_ scene: @escaping @Sendable (Stage, Pool, Blocklist) -> Void) {
    explore(
      limit: 20, poolThreads: 2, stuck: "The blocklist has answered: nothing is left to wait for."
    ) { stage, pool in scene(stage, pool, Blocklist(stage)) }
  }
}
