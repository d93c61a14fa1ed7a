import Glibc
import Synchronization

/// Where others leave messages for a client. Only the client's own task writes to its socket, so the
/// manager never waits for a client.
final class Mailbox: Sendable {
  /// Bytes that may wait here for a client that reads slowly.
  private static let limit = 64 * 1024

  let socket: Int32
  private let content = Mutex<(id: Int?, bytes: [UInt8])>((nil, []))

  init(_ socket: Int32) {
    self.socket = socket
    // What waits in the kernel counts, too: without this, up to four megabytes.
    var size = Int32(Self.limit)
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The client's number, once it has joined.
  var id: Int? {
    get { content.withLock { $0.id } }
    set { content.withLock { $0.id = newValue } }
  }

  /// Leaves a server-sent event, and wakes the client's task. A client that lets its mailbox run over
  /// is cut off: its task finds the connection closed, and ends.
  func post(_ text: String) {
    let isOver = content.withLock { content in
      content.bytes += Array("data: \(text)\n\n".utf8)
      return content.bytes.count > Self.limit
    }
    if isOver { shutdown(socket, Int32(SHUT_RDWR)) }
    Server.reactor.notify(socket)
  }

  func takeAll() -> [UInt8] {
    content.withLock { content in
      defer { content.bytes = [] }
      return content.bytes
    }
  }
}
