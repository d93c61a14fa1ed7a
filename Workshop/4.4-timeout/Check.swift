import Kit

struct TimedOut: Error {}

@main
enum Check: Checks {
  static let parts = [
    Part("an operation that finishes at once") { fast() },
    Part("an operation that takes longer than the limit") { slow() },
    Part("nothing that withTimeout started is still running") { nothingLeft() },
    Part("an operation that fails") { fails() },
    Part("the caller is canceled") { canceled() },
    Part("an operation that takes a while to stop") { slowToStop() },
    Part("an operation that finishes before the limit") { inTime() },
  ]

  static func fast() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { "reply" }
      stage.settle()
      expect(
        outcome.text, equals: "returned \"reply\"",
        "the operation finished at once, but withTimeout did not return its result",
        clock.sleeping > 0
          ? "withTimeout waits for the alarm, which is no longer needed: a task group does not "
            + "return until its last child ends."
          : "")
    }
  }

  static func slow() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { try await backend(clock) }
      stage.settle()
      expect(
        clock.sleeping > 1, "the operation is running, but no task watches the clock",
        "A second task has to run alongside the operation, sleep until the limit, and then act.")
      clock.advance(by: .seconds(5))
      expect(
        outcome.text, equals: "threw TimedOut",
        "the limit of 5 seconds has passed, but withTimeout did not throw TimedOut",
        outcome.text == "threw CancellationError"
          ? "The operation was canceled, and its CancellationError was passed on. The caller needs "
            + "to know that the time ran out: after a timeout it may try again, but after a "
            + "cancellation it should not."
          : "withTimeout is still waiting for the operation, because nothing canceled it. A group "
            + "cancels its children when cancelAll() is called or when its body throws. A task "
            + "started with Task { } belongs to no group: canceling the task that waits for it "
            + "does not cancel it."
      )
    }
  }

  static func nothingLeft() {
    for isSlow in [false, true] {
      play { stage, pool, clock in
        let running = Counter()
        let outcome = call(pool, clock) {
          running.add()
          defer { running.add(-1) }
          return isSlow ? try await backend(clock) : "reply"
        }
        clock.advance(by: isSlow ? .seconds(5) : .zero)
        expect(
          running.value + clock.sleeping == 0,
          "withTimeout returned, but something that it started is still running",
          "An operation whose result is no longer needed still costs memory and connections, and "
            + "so does a task that sleeps until the limit. After an hour under load, a server has "
            + "thousands of them.",
          expected: "0 operations, 0 alarms",
          happened: "\(running.value) operations, \(clock.sleeping - running.value) alarms")
        _ = outcome
      }
    }
  }

  static func fails() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { throw BackendError() }
      stage.settle()
      expect(
        outcome.text, equals: "threw BackendError",
        "the operation threw BackendError, but the caller did not get that error",
        outcome.text == "has not returned"
          ? "Pass the error on as soon as the operation throws it. Do not wait for the limit."
          : "Every error now looks like a timeout, and the log sends you to the wrong place.")
    }
  }

  /// The operation has to clean up after it is canceled, which takes until the gate opens.
  static func slowToStop() {
    play { stage, pool, clock in
      let (running, gate) = (Counter(), Gate("the end of the operation", stage))
      let outcome = call(pool, clock) {
        running.add()
        defer { running.add(-1) }
        do { return try await backend(clock) } catch {
          await gate.pass()
          throw error
        }
      }
      stage.settle()
      clock.advance(by: .seconds(5))
      expect(
        outcome.text == "has not returned" || running.value == 0,
        "withTimeout returned, but the canceled operation is still running",
        "Canceling is only a request: the operation may need a moment to close its connection. "
          + "Wait until it ends; otherwise it outlives the call that started it. (A task group "
          + "waits for its children. Nothing waits for a task started with Task { }, or for a "
          + "stream.)"
      )
      gate.open()
      pool.join()
      expect(
        outcome.text, equals: "threw TimedOut",
        "the limit passed, the operation stopped later, and the caller did not get TimedOut",
        "The time ran out before the operation stopped, so the caller must get TimedOut.")
    }
  }

  static func inTime() {
    for limit in [11, 3600] {
      play { stage, pool, clock in
        let outcome = call(pool, clock, limit: limit) { try await backend(clock) }
        stage.settle()
        clock.advance(by: .seconds(10))
        expect(
          outcome.text, equals: "returned \"reply\"",
          "the operation took 10 seconds and the limit is \(limit), but its result did not come "
            + "back",
          "Return the operation's result as soon as the operation finishes.")
      }
    }
  }

  static func canceled() {
    play { stage, pool, clock in
      let (running, outcome) = (Counter(), Outcome())
      let caller = Task {
        await outcome.record {
          try await withTimeout(.seconds(5), clock: clock) {
            running.add()
            defer { running.add(-1) }
            return try await backend(clock)
          }
        }
      }
      stage.settle()
      stage.note("cancels the caller")
      caller.cancel()
      stage.settle()
      expect(
        running.value, equals: 0,
        "the caller was canceled, but this many operations are still running",
        "Canceling a task cancels only its children. A task started with Task { } is not a child, "
          + "so it is not told: the client is gone, but the backend is still working for it."
      )
      expect(
        outcome.text, equals: "threw CancellationError",
        "the caller was canceled, but withTimeout did not throw CancellationError",
        "The five seconds have not passed yet. Not every cancellation comes from the alarm.")
    }
  }

  /// A backend that takes ten seconds.
  static func backend(_ clock: VirtualClock) async throws -> String {
    try await clock.sleep(for: .seconds(10))
    return "reply"
  }

  /// Calls the learner's function with a limit in seconds.
  static func call(
    _ pool: Pool, _ clock: VirtualClock, limit: Int = 5,
    _ operation: @escaping @Sendable () async throws -> String
  ) -> Outcome {
    let outcome = Outcome()
    pool.task("caller") {
      await outcome.record { try await withTimeout(.seconds(limit), clock: clock, operation) }
    }
    return outcome
  }

  static func play(_ scene: @escaping @Sendable (Stage, Pool, VirtualClock) -> Void) {
    explore(limit: 20, poolThreads: 2, stuck: "") { scene($0, $1, VirtualClock($0)) }
  }
}

extension Check {
  struct BackendError: Error {}

  /// The outcome of a call, in the words that a failure message uses.
  final class Outcome: @unchecked Sendable {
    // Unchecked: on the stage, one thread runs at a time.
    private(set) var text = "has not returned"

    func record(_ call: @Sendable () async throws -> String) async {
      do {
        text = "returned " + show(try await call())
      } catch {
        text = "threw \(type(of: error))"
      }
    }
  }
}
