import Glibc
import TestSupport

@testable import Common
@testable import WireProtocols

/// Runs a body on another thread, so that a test can watch it block.
final class Background<Value: Sendable>: Sendable {
  private struct State {
    var thread: String?
    var result: Result<Value, any Error>?
  }
  private let mutex = PosixMutex()
  private let changed = PosixCondition()
  // Unsafe for the compiler only: `mutex` guards it.
  nonisolated(unsafe) private var state = State()

  init(_ body: @escaping @Sendable () throws -> Value) throws {
    try spawnThread(named: "background") { [self] in
      update { $0.thread = linkTarget("/proc/thread-self") }
      let result = Result(catching: body)
      update { $0.result = result }
    }
  }

  private func update(_ change: (inout State) -> Void) {
    mutex.withLock { change(&state) }
    changed.broadcast()
  }

  /// Waits until the thread sleeps in the kernel, or has finished (proc(5), `stat`).
  func waitUntilBlocked() {
    let thread = mutex.withLock {
      while state.thread == nil { changed.wait(holding: mutex) }
      return state.thread ?? ""
    }
    while mutex.withLock({ state.result == nil }), threadState(thread) != "S" { sched_yield() }
  }

  /// Waits for the end of the body.
  func value() throws -> Value {
    try mutex.withLock {
      while true {
        if let result = state.result { return try result.get() }
        changed.wait(holding: mutex)
      }
    }
  }
}

/// The thread's state in one letter, for example `S` while it sleeps until something happens.
private func threadState(_ thread: String) -> Character? {
  // The state follows the name, which is in parentheses.
  contents("/proc/\(thread)/stat").split(separator: ") ").last?.first
}

/// Returns the beginning of a file.
func contents(_ path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var room = [UInt8](repeating: 0, count: 256)
  let count = fread(&room, 1, room.count, file)
  return text(room.prefix(count))
}

/// Returns the target of a symbolic link (readlink(2)).
private func linkTarget(_ path: String) -> String {
  var room = [CChar](repeating: 0, count: 256)
  let count = readlink(path, &room, room.count)
  return text(room.prefix(max(0, count)).map { UInt8(truncatingIfNeeded: $0) })
}
