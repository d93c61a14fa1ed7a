import Kit

/// Answers questions about one client.
///
/// It has a bug. Requirement: however many connections wait for the database, everything else keeps
/// running: their actors, the other tasks, and the other reads.
actor Connection {
  private let name: String
  private let database: Database
  /// Starts threads: `stage.thread("reader") { … }`.
  private let stage: Stage

  init(_ name: String, _ database: Database, _ stage: Stage) {
    (self.name, self.database, self.stage) = (name, database, stage)
  }

  /// Reads the client's profile from the database, which may take a while.
  func profile() async -> String {
    database.read(name)
  }

  /// Returns whether the client is still connected. This needs no database.
  func isOpen() -> Bool { true }
}
