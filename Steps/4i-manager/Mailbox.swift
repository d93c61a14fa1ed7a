import Synchronization

/// The messages that others leave for a client. Only the client's own task writes to its socket, so
/// the manager never waits for a client.
final class Mailbox: Sendable {
  let socket: Int32
  private let content = Mutex<(id: Int?, bytes: [UInt8])>((nil, []))

  init(_ socket: Int32) { self.socket = socket }

  /// The client's number, once it has joined.
  var id: Int? {
    get { content.withLock { $0.id } }
    set { content.withLock { $0.id = newValue } }
  }

  /// Leaves a server-sent event, and wakes the client's task.
  func post(_ text: String) {
    content.withLock { $0.bytes += Array("data: \(text)\n\n".utf8) }
    Server.reactor.notify(socket)
  }

  func takeAll() -> [UInt8] {
    content.withLock { content in
      defer { content.bytes = [] }
      return content.bytes
    }
  }
}
