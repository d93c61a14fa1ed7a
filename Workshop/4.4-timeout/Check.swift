import Kit

struct TimedOut: Error {}
@main
enum Check: Checks {
  static let parts = [
    Part("an operation that is done at once") { fast() },
    Part("an operation that takes longer than the limit") { slow() },
    Part("nothing is left behind") { nothingLeft() },
    Part("an operation that fails") { fails() },
    Part("a caller that is canceled") { cancelled() },
    Part("an operation that takes a while to stop") { slowToStop() },
    Part("an operation that is done before the limit") { inTime() },
  ]

  static func fast() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { "reply" }
      stage.settle()
      expect(
        outcome.text, equals: "returned \"reply\"",
        "the operation is done, and its result is there",
        clock.sleeping > 0
          ? "withTimeout waits for the alarm, which is not needed any more: a group returns when "
            + "all its children have ended."
          : "")
    }
  }

  static func slow() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { try await backend(clock) }
      stage.settle()
      expect(
        clock.sleeping > 1, "the operation runs, and no task watches the clock",
        "Next to the operation a second task has to sleep until the limit, and then to act.")
      clock.advance(by: .seconds(5))
      expect(
        outcome.text, equals: "threw TimedOut", "the limit of 5 seconds is over",
        outcome.text == "threw CancellationError"
          ? "The operation was canceled, and what it threw then is passed on. The caller must "
            + "learn that its time was over: it "
            + "may try again, which a caller that was canceled does not."
          : "withTimeout waits for the operation, which no one has canceled. A group's children "
            + "are canceled by cancelAll(), or when "
            + "its body throws. A task from Task { } belongs to no group: cancelling the task "
            + "that waits for it does not cancel it."
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
          "withTimeout has returned, and what it started goes on",
          "An operation whose result no one needs still costs memory and connections, and so does "
            + "an alarm. After an hour there "
            + "are thousands of them.",
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
        outcome.text, equals: "threw BackendError", "the operation has thrown its own error",
        outcome.text == "has not ended"
          ? "It is passed on at once, and not when the limit is over."
          : "Now every error looks like a timeout, and the log leads to the wrong place.")
    }
  }

  /// After it was canceled it has to clean up, which takes until the gate opens.
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
        outcome.text == "has not ended" || running.value == 0,
        "withTimeout has returned, and the canceled operation still runs",
        "To cancel is to ask: the operation may need a moment to close its connection. Wait for "
          + "its end, or it outlives the call "
          + "that started it. (A task group waits for its children; a task from Task { } or a "
          + "stream does not.)"
      )
      gate.open()
      pool.join()
      expect(
        outcome.text, equals: "threw TimedOut",
        "the limit was over, and the operation stopped later",
        "The time was over first: that is what the caller has to learn.")
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
          "the operation took 10 seconds, and the limit is \(limit)",
          "What the operation returns is passed on when it is there.")
      }
    }
  }

  static func cancelled() {
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
        running.value, equals: 0, "the caller was canceled, and this many operations go on",
        "The cancellation of a task reaches its children only. A task from Task { } is not a "
          + "child, so it is not told: the client "
          + "has gone, and the backend still works for it."
      )
      expect(
        outcome.text, equals: "threw CancellationError",
        "the caller was canceled, and is told something else",
        "Five seconds are not over. Not every cancellation comes from the alarm.")
    }
  }

  /// A backend that takes ten seconds.
  static func backend(_ clock: VirtualClock) async throws -> String {
    try await clock.sleep(for: .seconds(10))
    return "reply"
  }

  /// Calls the learner's function, with a limit of so many seconds.
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

  /// How a call has ended, as a failure shows it.
  final class Outcome: @unchecked Sendable {
    // Unchecked: one thread at a time has the turn.
    private(set) var text = "has not ended"

    func record(_ call: @Sendable () async throws -> String) async {
      do {
        text = "returned " + show(try await call())
      } catch {
        text = "threw \(type(of: error))"
      }
    }
  }
}
