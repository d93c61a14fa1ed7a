import Glibc

/// The server did not do what the test needs in order to go on; says what happened instead.
struct HarnessError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// The server neither sent anything nor closed the connection.
  static let silence = HarnessError("nothing came within \(patience)")

  /// A system call of ours that failed.
  init(call: String, code: Int32 = errno) {
    description = "\(call): \(String(cString: strerror(code)))"
  }
}

/// How long anything may take before it counts as "never". Only a failing test waits that long; of somebody's own server, which
/// is still being written, a great many may fail.
let patience: Duration = .seconds(OwnServer.isGiven ? 5 : 180)

/// Waits for something in another process that cannot be waited for by a system call.
func eventually(
  _ what: String, within patience: Duration = patience, _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + patience
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      throw HarnessError("not within \(patience): \(what)")
    }
    poll(nil, 0, 1)
  }
}
