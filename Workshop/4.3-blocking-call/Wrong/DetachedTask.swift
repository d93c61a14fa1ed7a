// expect: A task is not a thread
import Kit

actor Connection {
  private let name: String
  private let database: Database
  private let stage: Stage

  init(_ name: String, _ database: Database, _ stage: Stage) {
    (self.name, self.database, self.stage) = (name, database, stage)
  }

  func profile() async -> String {
    await Task.detached { [name, database] in database.read(name) }.value
  }

  func isOpen() -> Bool { true }
}
