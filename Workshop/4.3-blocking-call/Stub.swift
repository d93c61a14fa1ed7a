import Kit

/// What a client's task asks about its client.
///
/// There is a mistake in it. What must hold: however many connections wait for the database, everything else goes on: their
/// actors, other tasks, and the other reads.
actor Connection {
  private let name: String
  private let database: Database
  /// Starts threads: `stage.thread("reader") { … }`.
  private let stage: Stage

  init(_ name: String, _ database: Database, _ stage: Stage) {
    (self.name, self.database, self.stage) = (name, database, stage)
  }

  /// Comes from the database, and takes as long as that does.
  func profile() async -> String {
    database.read(name)
  }

  /// Whether the client is still there. It is asked from time to time, and needs no database.
  func isOpen() -> Bool { true }
}
