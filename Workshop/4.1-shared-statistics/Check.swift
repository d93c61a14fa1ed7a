import Kit

/// Both numbers, from the same moment.
struct Totals: Sendable, Equatable {
  var requests: Int
  var bytes: Int
}

@main
enum Check: Checks {
  static let parts = [
    Part("one task counts two requests") { oneTask() },
    Part("four tasks count at the same time") { fourTasks() },
  ]

  static func oneTask() {
    explore(poolThreads: 2, stuck: "To count is no reason to wait.") { stage, pool in
      let statistics = Statistics()
      let (atOnce, later) = (Counter(), Counter())
      pool.task("client") {
        await statistics.served(bytes: 5)
        atOnce.add(await statistics.totals().requests)
      }
      pool.join()
      pool.task("whoever asks later") { later.add(await statistics.totals().requests) }
      pool.join()
      expect(later.value, equals: 1, "one request was served, and it is not counted")
      expect(
        atOnce.value, equals: 1, "served has returned, and the request is not yet counted",
        "A task that nobody waits for runs at some later time. Whoever looks at the numbers before does not see the request."
      )
    }
  }

  static func fourTasks() {
    explore(poolThreads: 2, stuck: "To count is no reason to wait.") { stage, pool in
      let statistics = Statistics()
      for number in 1...4 { pool.task("client \(number)") { await statistics.served(bytes: 10) } }
      pool.join()
      pool.task("whoever asks") {
        expect(
          await statistics.totals(), equals: Totals(requests: 4, bytes: 40),
          "four requests of 10 bytes each were served, and not all of them are counted",
          "Two tasks have read the same number, and both wrote the next one: to read is one message to the actor, and to "
            + "write another, and between them comes somebody else.")
      }
      pool.join()
    }
  }
}
