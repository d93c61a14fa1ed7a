// expect: with a condition variable is a blocking call too
import Kit

final class Reply: @unchecked Sendable {
  private let mutex = PosixMutex()
  private let isThere = PosixCondition("isThere")
  private var text: String?

  func set(_ text: String) {
    mutex.withLock {
      self.text = text
      isThere.signal()
    }
  }

  func wait() -> String {
    mutex.withLock {
      while text == nil { isThere.wait(holding: mutex) }
      return text ?? ""
    }
  }
}

actor Connection {
  private let name: String
  private let database: Database
  private let stage: Stage

  init(_ name: String, _ database: Database, _ stage: Stage) {
    (self.name, self.database, self.stage) = (name, database, stage)
  }

  func profile() async -> String {
    let reply = Reply()
    stage.thread("reader of \(name)") { [name, database] in reply.set(database.read(name)) }
    return reply.wait()
  }

  func isOpen() -> Bool { true }
}
