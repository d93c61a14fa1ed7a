import Kit

/// A database whose library blocks.
final class Database: @unchecked Sendable {
  // Unchecked: one thread at a time has the turn.
  private let stage: Stage
  private var isOpen = false
  /// Reads that have begun.
  private(set) var reads = 0
  /// Whether a thread of the pool has ever stood in one of them.
  private(set) var hasBlockedThePool = false

  init(_ stage: Stage) { self.stage = stage }

  /// Stands still until the reply is there.
  func read(_ name: String) -> String {
    reads += 1
    if stage.isOnPool { hasBlockedThePool = true }
    stage.block("waits in read(\(name))") { self.isOpen }
    return "profile of \(name)"
  }

  func answer() {
    isOpen = true
    stage.note("the database answers")
  }
}

@main
enum Check: Checks {
  static let parts = [
    Part("a connection that waits for its profile still answers") { sameActor() },
    Part("three connections wait, on two threads, and /stats answers") { others() },
    Part("three connections read at the same time") { allRead() },
    Part("each gets its own profile") { profiles() },
  ]

  static func sameActor() {
    play { stage, pool, database in
      let connection = Connection("a", database, stage)
      let answered = Counter()
      pool.task("a") { _ = await connection.profile() }
      stage.settle()
      pool.task("is a open?") { if await connection.isOpen() { answered.add() } }
      stage.settle()
      expect(
        answered.value == 1, "a connection waits for its profile, and answers nothing else",
        database.hasBlockedThePool
          ? "Its actor waits in read(), together with a thread of the pool. It cannot be "
            + "suspended there: there is no await."
          : "A separate thread reads, and that is good. But to wait for it with a condition is a "
            + "blocking call, too: the pool's thread now "
            + "waits there instead.",
        happened: stage.states)
    }
  }

  static func others() {
    play { stage, pool, database in
      let answered = Counter()
      start(["a", "b", "c"], stage, pool, database)
      stage.settle()
      pool.task("/stats") { answered.add() }
      stage.settle()
      expect(
        answered.value == 1, "three connections wait for the database, and /stats is not answered",
        "Both threads of the pool wait in read(). A task is not a thread: whether Task or "
          + "Task.detached, it runs on the same pool.",
        happened: stage.states)
    }
  }

  static func allRead() {
    play { stage, pool, database in
      start(["a", "b", "c"], stage, pool, database)
      stage.settle()
      expect(
        database.reads, equals: 3, "three connections want to read, and so many do",
        "The pool is free, and that is good. One slow reply now holds up all reads after it, "
          + "though the database could answer them."
      )
    }
  }

  static func profiles() {
    play { stage, pool, database in
      for name in ["a", "b", "c"] {
        let connection = Connection(name, database, stage)
        pool.task(name) {
          expect(await connection.profile(), equals: "profile of \(name)", "what \(name) has read")
        }
      }
      stage.settle()
    }
  }

  static func start(_ names: [String], _ stage: Stage, _ pool: Pool, _ database: Database) {
    for name in names {
      let connection = Connection(name, database, stage)
      pool.task(name) { _ = await connection.profile() }
    }
  }

  static func play(_ scene: @escaping @Sendable (Stage, Pool, Database) -> Void) {
    explore(limit: 20, poolThreads: 2, stuck: "The database has answered.") { stage, pool in
      let database = Database(stage)
      scene(stage, pool, database)
      database.answer()
      pool.join()
    }
  }
}
