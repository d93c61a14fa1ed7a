import Kit

/// Answers questions about one client.
actor Connection {
  private let name: String
  private let database: Database
  private let stage: Stage

  init(_ name: String, _ database: Database, _ stage: Stage) {
    (self.name, self.database, self.stage) = (name, database, stage)
  }

  /// Suspends the task and lets a separate thread make the blocking call.
  func profile() async -> String {
    await withCheckedContinuation { continuation in
      stage.thread("reader of \(name)") { [name, database] in
        continuation.resume(returning: database.read(name))
      }
    }
  }

  func isOpen() -> Bool { true }
}
