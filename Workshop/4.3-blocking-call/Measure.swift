import Kit

/// A database whose library blocks.
final class Database: @unchecked Sendable {
  // Unchecked: on the stage, one thread runs at a time.
  private let stage: Stage
  private var isOpen = false
  /// The number of reads that started.
  private(set) var reads = 0

  init(_ stage: Stage) { self.stage = stage }

  /// Blocks the calling thread until the reply arrives.
  func read(_ name: String) -> String {
    reads += 1
    stage.block("is blocked in read(\(name))") { self.isOpen }
    return "profile of \(name)"
  }

  func answer() {
    isOpen = true
    stage.note("the database answers")
  }
}

@main
enum Measure: Checks {
  static let parts = [
    Part("one connection reads") { one() },
    Part("three connections read") { three() },
  ]

  static func one() {
    explore(limit: 1, poolThreads: 2, stuck: "") { stage, pool in
      let (database, answered) = (Database(stage), Counter())
      let connection = Connection("a", database, stage)
      pool.task("a") { _ = await connection.profile() }
      pool.task("/stats") { answered.add() }
      stage.settle()
      measured.one = answered.value == 1 ? "yes" : "no"
      database.answer()
      pool.join()
    }
    compare(
      "one", model: "yes", measured: measured.one,
      because:
        "One pool thread is blocked in read(), and so is this connection's actor. The other pool "
        + "thread keeps running.",
      .guess(
        "no",
        "You expected one blocked thread to stop everything. In chapter 3 it did, because a single "
          + "thread did all the work."
      ))
  }

  static func three() {
    explore(limit: 1, poolThreads: 2, stuck: "") { stage, pool in
      let (database, answered) = (Database(stage), Counter())
      for name in ["a", "b", "c"] {
        let connection = Connection(name, database, stage)
        pool.task(name) { _ = await connection.profile() }
      }
      stage.settle()
      pool.task("/stats") { answered.add() }
      stage.settle()
      measured.reads = database.reads
      measured.three = answered.value == 1 ? "yes" : "no"
      database.answer()
      pool.join()
    }
    compare(
      "reads", model: "2", measured: "\(measured.reads)",
      because: "Each read blocks one pool thread, and there are only two.",
      .guess(
        "3",
        "You assumed that a call inside an async function cannot block. It can: a thread leaves an "
          + "async function only at an await, and profile has none."),
      .guess(
        "1",
        "You expected the actors to run one at a time. Different actors run independently. Only "
          + "the messages to the same actor run one at a time."
      ))
    compare(
      "three", model: "no", measured: measured.three,
      because:
        "Both threads are blocked in read(), and no thread is left to run a task, an actor or a "
        + "timeout. The server stops answering as soon as there are as many waiting clients as "
        + "cores.",
      .guess(
        "yes",
        "You expected the pool to have a thread left. Some thread pools start another thread when "
          + "all of them are blocked, as Dispatch does. Swift's pool never does, because code that "
          + "only awaits needs no more threads than there are cores."
      ))
  }

  // Safe, although the compiler cannot know it: on the stage, one thread runs at a time.
  nonisolated(unsafe) static var measured = (one: "", reads: 0, three: "")
}
