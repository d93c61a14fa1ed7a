import Kit

/// A database whose library blocks.
final class Database: @unchecked Sendable {
  // Unchecked: one thread at a time has the turn.
  private let stage: Stage
  private var isOpen = false
  /// Reads that have begun.
  private(set) var reads = 0

  init(_ stage: Stage) { self.stage = stage }

  /// Stands still until the reply is there.
  func read(_ name: String) -> String {
    reads += 1
    stage.block("stands in read(\(name))") { self.isOpen }
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
        "One thread of the pool stands in read(), and so does this connection's actor. The other thread goes on.",
      .guess(
        "no",
        "You expected that one blocked thread stops everything. That was chapter 3, where one thread had to do everything."
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
      because: "Each read takes a thread of the pool away, and there are two.",
      .guess(
        "3",
        "You expected that whatever is called in an async function does not block. It is the other way round: only at an await "
          + "can a thread leave the function, and there is none in it."),
      .guess(
        "1",
        "You expected that actors take turns. Each one runs by itself; only the messages of one actor take turns."
      ))
    compare(
      "three", model: "no", measured: measured.three,
      because:
        "Both threads stand in read(), and nobody is left to run anything: no task, no actor, no timeout. One more client than "
        + "there are cores, and the server is silent.",
      .guess(
        "yes",
        "You expected that somebody is always left to run a task. A thread pool may start another thread when all are blocked, "
          + "as Dispatch does; Swift's pool never does, because code that only awaits needs no more threads than cores."
      ))
  }

  // Unsafe only for the compiler: one thread at a time has the turn.
  nonisolated(unsafe) static var measured = (one: "", reads: 0, three: "")
}
