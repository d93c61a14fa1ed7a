import Synchronization

/// Makes each value once, however many tests ask for it at the same time.
final class Memo<Value: Sendable>: Sendable {
  private final class Entry: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
  }

  private let entries = Mutex<[String: Entry]>([:])

  func value(_ key: String, _ make: () throws -> Value) throws -> Value {
    let entry = entries.withLock { entries in
      let entry = entries[key] ?? Entry()
      entries[key] = entry
      return entry
    }
    return try entry.result.withLock { result in
      let made = result ?? Result { try make() }
      result = made
      return made
    }.get()
  }
}
