import Kit
import Synchronization

/// Both numbers, read at the same moment.
struct Totals: Sendable, Equatable {
  var requests: Int
  var bytes: Int
}

@main
enum Check: Checks {
  static let parts = [
    Part("one task counts two requests") { oneTask() },
    Part("several tasks count at the same time") { fourTasks() },
    Part("totals() returns both numbers from the same moment, whenever it is called") {
      sameMoment()
    },
  ]

  static let stuck = "Counting a request never has to wait for anything."

  static func oneTask() {
    explore(poolThreads: 2, stuck: stuck) { stage, pool in
      let statistics = Statistics()
      let (atOnce, later) = (Counter(), Counter())
      pool.task("client") {
        await statistics.served(bytes: 5)
        atOnce.add(await statistics.totals().requests)
      }
      pool.join()
      pool.task("a later call") { later.add(await statistics.totals().requests) }
      pool.join()
      expect(
        later.value < 2,
        "a new Statistics object already contains requests that another one counted",
        "This object is new, and one request was served. A static or global counter is shared by "
          + "all objects, and neither the actor nor the lock protects it. Make the counter a "
          + "stored property.",
        expected: "1 request", happened: "\(later.value) requests")
      expect(
        later.value, equals: 1, "one request was served, but totals() does not report it",
        "served must count each request exactly once.")
      expect(
        atOnce.value, equals: 1, "served returned, but the request is not counted yet",
        "served starts a task and does not wait for it, so the request is counted at some later "
          + "time. In the meantime, the totals are too low."
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
            "\(count) requests were served at the same time, but not all of them are counted",
            "Two tasks read the same number, and both wrote that number plus one, so one request "
              + "is lost. \(Steps.how), and another task can run between the two.")
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
            "each request has 10 bytes, but the two totals do not match",
            Steps.usesLocks
              ? "One of the two numbers is older than the other: they are written, or read, in two "
                + "steps, and another task ran in between. Numbers that belong together must "
                + "change together, under one lock."
              : "One of the two numbers is older than the other. Each call to an actor is a "
                + "separate message, and another task's message can come between two of them. "
                + "Change both numbers in one message, and read both in one message."
          )
        }
        pool.join()
      }
    }
  }
}

extension Check {
  /// Names the two steps of the learner's code that should be one.
  enum Steps {
    // Safe, although the compiler cannot know it: on the stage, one thread runs at a time.
    nonisolated(unsafe) static var usesLocks = false
    nonisolated(unsafe) static var how =
      "The read is one message to the actor and the write is another"
  }
}

// In this module, `Mutex` and `Atomic` are the types below. They behave like the ones in
// Synchronization, but another task can run before each step.

struct Mutex<Value: ~Copyable>: ~Copyable, Sendable {
  private let value: Synchronization.Mutex<Value>
  private let turns = PosixMutex("the mutex")

  init(_ value: consuming sending Value) { self.value = Synchronization.Mutex(value) }

  func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    Check.Steps.usesLocks = true
    Check.Steps.how = "The read is one withLock call and the write is another"
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
    Check.Steps.how =
      "The load is one step and the store is another (wrappingAdd does both in one step)"
    Stage.begin(text)
    return value.withLock { body(&$0) }
  }
}
