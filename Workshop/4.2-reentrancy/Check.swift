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
    Part("a client from the blocklist keeps no place") { blocked() },
    Part("and gives back no more than its own") { onlyItsOwn() },
    Part("many clients at the same time, some of them from the blocklist") { many() },
  ]

  static func inTurn() {
    for limit in 1...3 {
      play { stage, pool, blocklist in
        let entrance = Entrance(limit: limit, blocklist: blocklist)
        blocklist.gate.open()
        pool.task("the clients") {
          for number in 1...limit {
            expect(
              await entrance.enter("client \(number)"), equals: true,
              "there is room for \(limit), and client \(number) is refused",
              "There is a place left.")
          }
          expect(
            await entrance.enter("one more"), equals: false,
            "there is room for \(limit), and one more client comes in",
            "A place is taken from enter to leave. Here it is given back before the client has "
              + "left, or was never counted."
          )
          await entrance.leave()
          expect(
            await entrance.enter("the next"), equals: true,
            "one has left, and the next client is refused",
            "A client that found the place full was refused, and is counted anyway.")
        }
        pool.join()
      }
    }
  }

  static func onePlace() {
    play(
      stuck:
        "A client that finds no room is refused: enter returns false, at once. It does not wait "
        + "for a place."
    ) { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      let admitted = Counter()
      ask(entrance, ["alice", "bob"], pool, admitted)
      stage.settle()
      blocklist.gate.open()
      pool.join()
      expect(
        admitted.value, equals: 1, "one place, and the number of clients inside is another one",
        "Both have looked at the limit before either was let in. At an await the actor is free "
          + "for others, so what was "
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
        "That another client is being looked up is no reason to refuse: there is a place left.")
      expect(
        lookups, equals: 2, "the second client is looked up only when the first one has been",
        "Now each client waits for all those before it. One lookup that takes long stops all the "
          + "others: head-of-line "
          + "blocking, as in chapter 1.")
    }
  }

  static func blocked() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      blocklist.gate.open()
      pool.task("the clients") {
        expect(
          await entrance.enter("mallory"), equals: false, "the blocklist said no, and it came in",
          "What the blocklist answers decides.")
        expect(
          await entrance.enter("alice"), equals: true, "no client is inside, and one is refused",
          "The place that was taken for the client on the blocklist was not given back. After a "
            + "few of those the entrance is "
            + "closed forever.")
      }
      pool.join()
    }
  }

  static func onlyItsOwn() {
    for limit in 2...3 {
      play { stage, pool, blocklist in
        let entrance = Entrance(limit: limit, blocklist: blocklist)
        blocklist.gate.open()
        pool.task("the clients") {
          var inside = 0
          for number in 1...limit + 2 {
            _ = await entrance.enter("mallory")
            if await entrance.enter("client \(number)") { inside += 1 }
          }
          expect(
            inside, equals: limit,
            "clients from the blocklist have come between, and the number inside is not the limit",
            inside > limit
              ? "A client that is refused gives back the place that it took, once. One that took "
                + "none has none to give back."
              : "A client that is refused has to give its place back, whether the entrance is "
                + "full or not."
          )
        }
        pool.join()
      }
    }
  }

  static func many() {
    for limit in [1, 4] {
      play { stage, pool, blocklist in
        let entrance = Entrance(limit: limit, blocklist: blocklist)
        let (admitted, later) = (Counter(), Counter())
        ask(entrance, (1...6).map { "client \($0)" } + ["mallory", "mallory"], pool, admitted)
        stage.settle()
        blocklist.gate.open()
        pool.join()
        expect(
          admitted.value <= limit,
          "eight clients came at the same time, and more are inside than the limit allows",
          "Look and take the place before the await, in one step.", expected: "at most \(limit)",
          happened: "\(admitted.value)")
        ask(entrance, (1...6).map { "later client \($0)" }, pool, later)
        pool.join()
        expect(
          admitted.value + later.value, equals: limit,
          "eight clients were looked up, and afterwards the entrance has lost or gained a place",
          "Each client that is refused by the blocklist gives back its place, once, and no other "
            + "client does."
        )
      }
    }
  }

  static func ask(_ entrance: Entrance, _ clients: [String], _ pool: Pool, _ admitted: Counter) {
    for client in clients {
      pool.task(client) { if await entrance.enter(client) { admitted.add() } }
    }
  }

  static func play(
    stuck: String = "The blocklist has answered: nothing is left to wait for.",
    _ scene: @escaping @Sendable (Stage, Pool, Blocklist) -> Void
  ) {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      scene(stage, pool, Blocklist(stage))
    }
  }
}
