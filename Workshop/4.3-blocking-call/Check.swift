import Kit

/// A database whose library blocks.
final class Database: @unchecked Sendable {
  // Unchecked: on the stage, one thread runs at a time.
  private let stage: Stage
  private var isOpen = false
  /// The number of reads that started.
  private(set) var reads = 0
  /// Whether a pool thread was ever blocked in one of them.
  private(set) var hasBlockedThePool = false

  init(_ stage: Stage) { self.stage = stage }

  /// Blocks the calling thread until the reply arrives.
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
    Part("a connection that is waiting for its profile still answers other calls") { sameActor() },
    Part("three connections wait, the pool has two threads, and /stats is still answered") {
      others()
    },
    Part("three connections read at the same time") { allRead() },
    Part("each connection gets its own profile") { profiles() },
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
        answered.value == 1,
        "while a connection waits for its profile, it does not answer other calls",
        database.hasBlockedThePool
          ? "The actor is blocked in read(), and so is a pool thread. The task cannot be suspended "
            + "there, because there is no await."
          : "A separate thread calls read(), as it should. But waiting for that thread with a "
            + "condition variable is a blocking call too: the pool thread is now blocked there "
            + "instead.",
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
        answered.value == 1,
        "three connections are waiting for the database, and /stats was not answered",
        "Both pool threads are blocked in read(). A task is not a thread: Task and Task.detached "
          + "run on the same pool.",
        happened: stage.states)
    }
  }

  static func allRead() {
    play { stage, pool, database in
      start(["a", "b", "c"], stage, pool, database)
      stage.settle()
      expect(
        database.reads, equals: 3,
        "three connections asked for their profiles, but a different number of reads started",
        "The pool is free, as it should be. But the reads now run one at a time, so one slow reply "
          + "delays all the reads after it, although the database could answer them."
      )
    }
  }

  static func profiles() {
    play { stage, pool, database in
      for name in ["a", "b", "c"] {
        let connection = Connection(name, database, stage)
        pool.task(name) {
          expect(
            await connection.profile(), equals: "profile of \(name)",
            "connection \(name) got the wrong profile")
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
    explore(
      limit: 20, poolThreads: 2,
      stuck: "The database has answered, so there is nothing left to wait for."
    ) { stage, pool in
      let database = Database(stage)
      scene(stage, pool, database)
      database.answer()
      pool.join()
    }
  }
}
