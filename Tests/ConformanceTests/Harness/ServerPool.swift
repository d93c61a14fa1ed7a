import Glibc
import Synchronization
import Testing

extension Chapter {
  /// Lends a server with default options, which no other test uses while `body` runs.
  ///
  /// Tests run in parallel, but never share a server at the same time: no test sees what another
  /// does to its server. A server that has served a test serves the next one: starting hundreds of
  /// processes would take longer than the tests.
  func withServer(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (ServerProcess) throws -> Void
  ) throws {
    let server = try idleServers.withLock { $0[self]?.popLast() } ?? ServerProcess(self)
    try body(server)
    #expect(server.child.isRunning, "the server died", sourceLocation: sourceLocation)
    idleServers.withLock { $0[self, default: []].append(server) }
  }
}

private let idleServers: Mutex<[Chapter: [ServerProcess]]> = {
  // No deinitializer runs when a process exits, so the remaining servers are ended here.
  atexit { idleServers.withLock { $0.removeAll() } }
  return Mutex([:])
}()
