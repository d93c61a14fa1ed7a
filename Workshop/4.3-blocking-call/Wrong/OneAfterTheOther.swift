// expect: so one slow reply delays all the reads after it
import Kit

let readers = Readers()

/// Lets one reader in at a time.
actor Readers {
  private var isBusy = false
  private var queue: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    if isBusy { await withCheckedContinuation { queue.append($0) } }
    isBusy = true
  }

  func leave() {
    isBusy = !queue.isEmpty
    if isBusy { queue.removeFirst().resume() }
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
    await readers.enter()
    let reply = await withCheckedContinuation { continuation in
      stage.thread("reader of \(name)") { [name, database] in
        continuation.resume(returning: database.read(name))
      }
    }
    await readers.leave()
    return reply
  }

  func isOpen() -> Bool { true }
}
