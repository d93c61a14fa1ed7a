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
    Part("both numbers are of the same moment, whenever somebody asks") { sameMoment() },
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
    explore(poolThreads: 2, stuck: stuck) { stage, pool in
      let statistics = Statistics()
      for number in 1...4 { pool.task("client \(number)") { await statistics.served(bytes: 10) } }
      pool.join()
      pool.task("whoever asks") {
        expect(
          await statistics.totals(), equals: Totals(requests: 4, bytes: 40),
          "four requests of 10 bytes each were served, and not all of them are counted",
          "Two tasks have read the same number, and both wrote the next one. \(Steps.how), and between them comes somebody "
            + "else.")
      }
      pool.join()
    }
  }

  static func sameMoment() {
    explore(poolThreads: 2, stuck: stuck) { stage, pool in
      let statistics = Statistics()
      for number in 1...2 { pool.task("client \(number)") { await statistics.served(bytes: 10) } }
      pool.task("whoever asks") {
        let totals = await statistics.totals()
        expect(
          totals, equals: Totals(requests: totals.requests, bytes: totals.requests * 10),
          "each request has 10 bytes, and the totals do not fit together",
          "One of the two numbers is older than the other: they are written, or read, in two steps, and somebody came between. "
            + "What belongs together has to change together.")
      }
      pool.join()
    }
  }
}

/// How the learner's code takes two steps where it should take one.
enum Steps {
  // Unsafe only for the compiler: on the stage, one thread runs at a time.
  nonisolated(unsafe) static var how = "To read is one message to the actor, and to write another"
}

// In this module, `Mutex` and `Atomic` are these: what they do is Synchronization's, but another task may come before each step.

struct Mutex<Value: ~Copyable>: ~Copyable, Sendable {
  private let value: Synchronization.Mutex<Value>
  private let turns = PosixMutex("the mutex")

  init(_ value: consuming sending Value) { self.value = Synchronization.Mutex(value) }

  func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    Steps.how = "To read is one withLock, and to write another"
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
    Steps.how = "To load is one step, and to store another (wrappingAdd is one step for both)"
    Stage.begin(text)
    return value.withLock { body(&$0) }
  }
}
