import CLinux
import Common
import Glibc
import Synchronization

/// A server that misbehaves as told: what it does with a request is decided by the request's
/// number, counted from 1 in the order of arrival over all connections.
final class FaultServer: Sendable {
  enum Step: Sendable {
    case send(String)
    /// Sends every byte in a separate `send`.
    case drip(String)
    /// Ends the connection in good order.
    case close
    /// Ends the connection with a RST (socket(7), `SO_LINGER` of zero).
    case reset
    /// Sends nothing more, until the client gives up.
    case hang
    /// Sends nothing for this long: a stall that the client should see.
    case pause(Duration)
    /// Waits until this many requests have been answered in full.
    case waitForAnswers(Int)
    /// Refuses new connections from here on.
    case stopListening
  }

  private struct Record {
    var requests: [String] = []
    var connections = 0
    var answers = 0
  }

  let port: UInt16
  private let listener: Listener
  private let script: @Sendable (Int) -> [Step]
  private let record = Mutex(Record())

  /// Starts serving on a port that the kernel chooses.
  static func start(
    host: String = "127.0.0.1", _ script: @escaping @Sendable (Int) -> [Step]
  ) throws -> FaultServer {
    let server = FaultServer(listener: try Listener(host: host, port: 0), script)
    try spawnThread(named: "accept") { server.acceptAll() }
    return server
  }

  private init(listener: consuming Listener, _ script: @escaping @Sendable (Int) -> [Step]) {
    port = listener.address.port
    self.listener = listener
    self.script = script
  }

  var url: String { "http://127.0.0.1:\(port)/" }
  /// The requests that have arrived, head and body, in order.
  var requests: [String] { record.withLock { $0.requests } }
  var connections: Int { record.withLock { $0.connections } }

  /// Ends the accepting thread and refuses every client from here on; the connections end with
  /// their clients.
  func stop() { shutdown(listener.descriptor.number, Int32(SHUT_RDWR)) }

  /// Returns when this many requests have arrived.
  func waitForRequests(_ count: Int) { wait { $0.requests.count >= count } }

  private func acceptAll() {
    while let accepted = listener.nextClient() {
      record.withLock { $0.connections += 1 }
      let client = FaultConnection(accepted)
      try? spawnThread(named: "connection") { self.serve(client) }
    }
  }

  private func serve(_ client: FaultConnection) {
    while let request = client.readRequest() {
      let number = record.withLock { record in
        record.requests.append(request)
        return record.requests.count
      }
      for step in script(number) {
        guard perform(step, on: client) else { return }
      }
      record.withLock { $0.answers += 1 }
    }
  }

  /// Returns false when the connection is over.
  private func perform(_ step: Step, on client: FaultConnection) -> Bool {
    switch step {
    case .send(let text): return client.send(Array(text.utf8))
    case .drip(let text): return text.utf8.allSatisfy { client.send([$0]) }
    case .close: return false
    case .reset:
      client.resetOnClose()
      return false
    case .hang:
      _ = client.readRequest()
      return false
    case .pause(let time):
      sleep(until: .now + time)
      return true
    case .waitForAnswers(let count):
      wait { $0.answers >= count }
      return true
    case .stopListening:
      stop()
      return true
    }
  }

  /// The condition always comes true, or the test hangs and fails at its time limit.
  private func wait(for condition: (Record) -> Bool) {
    while !condition(record.withLock { $0 }) { sched_yield() }
  }
}
