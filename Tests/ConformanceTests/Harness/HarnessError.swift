import Glibc

/// The server did not do what the test needs to continue; the text says what happened instead.
struct HarnessError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// The server neither sent anything nor closed the connection.
  static let silence = HarnessError("nothing arrived within \(patience)")

  /// A system call of the test itself that failed.
  init(call: String, code: Int32 = errno) {
    description = "\(call): \(String(cString: strerror(code)))"
  }
}

/// How long anything may take before it counts as "never". Only a failing test waits that long.
/// With a server that is still being written many tests may fail, so the time is shorter.
let patience: Duration = .seconds(OwnServer.isGiven ? 5 : 180)

/// Waits for a state of another process that no system call can wait for.
func eventually(
  _ what: String, within patience: Duration = patience, _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + patience
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      throw HarnessError("this did not happen within \(patience): \(what)")
    }
    poll(nil, 0, 1)
  }
}
