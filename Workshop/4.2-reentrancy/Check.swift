import Kit

/// Decides which clients may enter. The answer takes a while.
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
    Part("if clients arrive one after another, as many enter as the limit allows") { inTurn() },
    Part("two clients arrive at the same time, and there is one place") { onePlace() },
    Part("two clients arrive at the same time, and there are two places") { twoPlaces() },
    Part("a client on the blocklist does not keep a place") { blocked() },
    Part("a client on the blocklist gives back only its own place") { onlyItsOwn() },
    Part("many clients arrive at the same time, some of them on the blocklist") { many() },
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
              "there is room for \(limit), but client \(number) was refused",
              "There was still a free place. A server that refuses clients while it has room "
                + "wastes capacity.")
          }
          expect(
            await entrance.enter("one more"), equals: false,
            "there is room for \(limit), but one more client was let in",
            "A client holds its place from enter until leave. Here the place was given back before "
              + "the client left, or the client was never counted."
          )
          await entrance.leave()
          expect(
            await entrance.enter("the next"), equals: true,
            "one client left, but the next one was refused",
            "A client that found no free place was refused but counted anyway, so its place is "
              + "never given back.")
        }
        pool.join()
      }
    }
  }

  static func onePlace() {
    play(
      stuck:
        "A client that finds no free place is refused: enter returns false at once. It does not "
        + "wait for a place."
    ) { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      let admitted = Counter()
      ask(entrance, ["alice", "bob"], pool, admitted)
      stage.settle()
      blocklist.gate.open()
      pool.join()
      expect(
        admitted.value, equals: 1,
        "there is room for one client, but enter did not let in exactly one",
        "Both clients were compared with the limit before either was counted. While a task is "
          + "suspended at an await, the actor runs other tasks, so what was true before the await "
          + "may not be true after it.")
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
        admitted.value, equals: 2,
        "there was a place for each of the two clients, but one was refused",
        "Another client was being looked up, but there was still a free place. A lookup in "
          + "progress is no reason to refuse anyone.")
      expect(
        lookups, equals: 2,
        "the second client is looked up only after the first lookup has finished",
        "Each client now waits for all the clients before it, so a single slow lookup stops "
          + "everyone. This is head-of-line blocking, as in chapter 1.")
    }
  }

  static func blocked() {
    play { stage, pool, blocklist in
      let entrance = Entrance(limit: 1, blocklist: blocklist)
      blocklist.gate.open()
      pool.task("the clients") {
        expect(
          await entrance.enter("mallory"), equals: false,
          "the blocklist said no, but the client was let in",
          "enter must return false for every client that the blocklist rejects.")
        expect(
          await entrance.enter("alice"), equals: true,
          "no client is inside, but the next one was refused",
          "The place that was taken for a client on the blocklist was never given back. After a "
            + "few such clients, the server refuses everyone forever.")
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
            "clients on the blocklist were refused along the way, and now the number of clients "
              + "inside is not the limit",
            inside > limit
              ? "A refused client gives back the place that it took exactly once, and gives back "
                + "nothing if it took none. Otherwise the limit grows with every refused client."
              : "A refused client must give its place back, whether or not the entrance is full at "
                + "that moment."
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
          "eight clients arrived at the same time, and now there are more inside than the limit "
            + "allows",
          "Compare with the limit and take the place in one step, before the await.",
          expected: "at most \(limit)",
          happened: "\(admitted.value)")
        ask(entrance, (1...6).map { "later client \($0)" }, pool, later)
        pool.join()
        expect(
          admitted.value + later.value, equals: limit,
          "after eight clients were looked up, the entrance has lost or gained a place",
          "Each client that the blocklist refuses gives back its place exactly once, and no other "
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
    stuck: String = "The blocklist has answered, so there is nothing left to wait for.",
    _ scene: @escaping @Sendable (Stage, Pool, Blocklist) -> Void
  ) {
    explore(limit: 20, poolThreads: 2, stuck: stuck) { stage, pool in
      scene(stage, pool, Blocklist(stage))
    }
  }
}
