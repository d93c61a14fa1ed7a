import Kit

struct TimedOut: Error {}
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

@main
enum Check: Checks {
  static let parts = [
    Part("an operation that is done at once") { fast() },
    Part("an operation that takes longer than the limit") { slow() },
    Part("nothing is left behind") { nothingLeft() },
    Part("an operation that fails") { fails() },
    Part("a caller that is cancelled") { cancelled() },
  ]

  static func fast() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { "reply" }
      stage.settle()
      expect(
        outcome.text, equals: "returned \"reply\"",
        "the operation is done, and its result is there",
        clock.sleeping > 0
          ? "withTimeout waits for the alarm, which nobody needs any more: a group returns when all its children have ended."
          : "")
    }
  }

  static func slow() {
    play { stage, pool, clock in
      let outcome = call(pool, clock) { try await backend(clock) }
      stage.settle()
      expect(
        clock.sleeping > 1, "the operation runs, and nobody watches the clock",
        "Besides the operation somebody has to sleep until the limit, and then to act.")
      clock.advance(by: .seconds(5))
      expect(
        outcome.text, equals: "threw TimedOut", "the limit of 5 seconds is over",
        outcome.text == "threw CancellationError"
          ? "The operation was cancelled, and what it threw then is passed on. Whoever called must learn that its time was over: it may "
            + "try again, which nobody does who was cancelled."
          : "The operation goes on. A task that was started with Task { } belongs to nobody: cancelling the task that waits for "
            + "it does not cancel it.")
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
          "An operation that nobody waits for still costs memory and connections, and an alarm that rings for nobody as well. "
            + "After an hour there are thousands of them.",
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
        outcome.text, equals: "threw BackendError", "the operation has thrown an error of its own",
        "Now every error looks like a timeout, and whoever reads the log looks in the wrong place.")
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
        running.value, equals: 0, "the caller was cancelled, and so many operations go on",
        "A task from Task { } is nobody's child, so nobody tells it. The client has gone, and the backend still works for it."
      )
      expect(
        outcome.text, equals: "threw CancellationError",
        "the caller was cancelled, and is told something else",
        "Five seconds are not over. Not every cancellation comes from the alarm.")
    }
  }

  /// A backend that takes ten seconds.
  static func backend(_ clock: VirtualClock) async throws -> String {
    try await clock.sleep(for: .seconds(10))
    return "reply"
  }

  /// Calls the learner's function, with a limit of five seconds.
  static func call(
    _ pool: Pool, _ clock: VirtualClock, _ operation: @escaping @Sendable () async throws -> String
  ) -> Outcome {
    let outcome = Outcome()
    pool.task("caller") {
      await outcome.record { try await withTimeout(.seconds(5), clock: clock, operation) }
    }
    return outcome
  }

  static func play(_ scene: @escaping @Sendable (Stage, Pool, VirtualClock) -> Void) {
    explore(limit: 20, poolThreads: 2, stuck: "") { scene($0, $1, VirtualClock($0)) }
  }
}
