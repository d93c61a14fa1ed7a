import Glibc
import Synchronization
import Testing

extension Chapter {
  /// Lends a server with default options, alone, for as long as `body` runs.
  ///
  /// Tests run in parallel, but a server is never shared at the same time: whatever one does to it, no other sees
  /// it. One that has served a test serves the next: starting some hundred processes takes longer than the tests.
  func withServer(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (ServerProcess) throws -> Void
  ) throws {
    let server = try idleServers.withLock { $0[self]?.popLast() } ?? ServerProcess(self)
    try body(server)
    #expect(server.child.isRunning, "the server has died", sourceLocation: sourceLocation)
    idleServers.withLock { $0[self, default: []].append(server) }
  }
}

private let idleServers: Mutex<[Chapter: [ServerProcess]]> = {
  // Nothing is deinitialised when a process ends, so the servers that are left over are ended here.
  atexit { idleServers.withLock { $0.removeAll() } }
  return Mutex([:])
}()
