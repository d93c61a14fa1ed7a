import Kit
import Synchronization

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
    Part("both numbers are of the same moment, whenever they are asked for") { sameMoment() },
  ]

  static let stuck = "To count is no reason to wait."

  static func oneTask() {
    explore(poolThreads: 2, stuck: stuck) { stage, pool in
      let statistics = Statistics()
      let (atOnce, later) = (Counter(), Counter())
      pool.task("client") {
        await statistics.served(bytes: 5)
        atOnce.add(await statistics.totals().requests)
      }
      pool.join()
      pool.task("a later question") { later.add(await statistics.totals().requests) }
      pool.join()
      expect(
        later.value < 2, "new Statistics begin with what others have counted",
        "One request was served, and this is a new object. A static or global counter belongs to "
          + "all objects, and it is shared "
          + "state that the actor or lock does not own: make it a property.",
        expected: "1 request", happened: "\(later.value) requests")
      expect(
        later.value, equals: 1, "one request was served, and it is not counted",
        "served has to add it, once.")
      expect(
        atOnce.value, equals: 1, "served has returned, and the request is not yet counted",
        "A task that served does not wait for runs at some later time. Until then, the request is "
          + "missing in the numbers."
      )
    }
  }

  static func fourTasks() {
    for count in [4, 9] {
      explore(limit: 50, poolThreads: 2, stuck: stuck) { stage, pool in
        let statistics = Statistics()
        for number in 1...count {
          pool.task("client \(number)") { await statistics.served(bytes: 10 * number) }
        }
        pool.join()
        pool.task("a question") {
          expect(
            await statistics.totals(),
            equals: Totals(requests: count, bytes: 5 * count * (count + 1)),
            "\(count) requests were served at the same time, and not all of them are counted",
            "Two tasks have read the same number, and both wrote the next one. \(Steps.how), and "
              + "another task comes between "
              + "them.")
        }
        pool.join()
      }
    }
  }

  static func sameMoment() {
    for count in [2, 3] {
      explore(poolThreads: 2, stuck: stuck) { stage, pool in
        let statistics = Statistics()
        for number in 1...count {
          pool.task("client \(number)") { await statistics.served(bytes: 10) }
        }
        pool.task("a question") {
          let totals = await statistics.totals()
          expect(
            totals, equals: Totals(requests: totals.requests, bytes: totals.requests * 10),
            "each request has 10 bytes, and the totals do not fit together",
            Steps.usesLocks
              ? "One of the two numbers is older than the other: they are written, or read, in "
                + "two steps, and another task came "
                + "between. What belongs together has to change together, under one lock."
              : "One of the two numbers is older than the other. Each call of an actor is one "
                + "message, and another task's message may "
                + "come between two of them. Change both numbers in one message, and read both in "
                + "one."
          )
        }
        pool.join()
      }
    }
  }
}

extension Check {
  /// How the learner's code takes two steps where it should take one.
  enum Steps {
    // Unsafe only for the compiler: on the stage, one thread runs at a time.
    nonisolated(unsafe) static var usesLocks = false
    nonisolated(unsafe) static var how = "To read is one message to the actor, and to write another"
  }
}

// In this module, `Mutex` and `Atomic` are these: what they do is Synchronization's, but another
// task may come before each step.

struct Mutex<Value: ~Copyable>: ~Copyable, Sendable {
  private let value: Synchronization.Mutex<Value>
  private let turns = PosixMutex("the mutex")

  init(_ value: consuming sending Value) { self.value = Synchronization.Mutex(value) }

  func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    Check.Steps.usesLocks = true
    Check.Steps.how = "To read is one withLock, and to write another"
    return try turns.withLock { () throws(Failure) in
      try value.withLock { value throws(Failure) in try body(&value) }
    }
  }
}

struct Atomic<Value: FixedWidthInteger & Sendable>: ~Copyable, Sendable {
  private let value: Synchronization.Mutex<Value>

  init(_ value: Value) { self.value = Synchronization.Mutex(value) }

  func load(ordering: AtomicLoadOrdering) -> Value { step("is about to read an atomic") { $0 } }

  func store(_ new: Value, ordering: AtomicStoreOrdering) {
    step("is about to write an atomic") { $0 = new }
  }

  @discardableResult
  func wrappingAdd(
    _ operand: Value, ordering: AtomicUpdateOrdering
  ) -> (oldValue: Value, newValue: Value) {
    step("is about to add to an atomic") { value in
      defer { value &+= operand }
      return (value, value &+ operand)
    }
  }

  @discardableResult
  func add(
    _ operand: Value, ordering: AtomicUpdateOrdering
  ) -> (oldValue: Value, newValue: Value) { wrappingAdd(operand, ordering: ordering) }

  @discardableResult
  func compareExchange(
    expected: Value, desired: Value, ordering: AtomicUpdateOrdering
  ) -> (exchanged: Bool, original: Value) {
    step("is about to compare and exchange an atomic") { value in
      defer { if value == expected { value = desired } }
      return (value == expected, value)
    }
  }

  private func step<Result: Sendable>(
    _ text: String, _ body: (inout sending Value) -> Result
  ) -> Result {
    Check.Steps.usesLocks = true
    Check.Steps.how = "To load is one step, and to store another (wrappingAdd is one step for both)"
    Stage.begin(text)
    return value.withLock { body(&$0) }
  }
}
