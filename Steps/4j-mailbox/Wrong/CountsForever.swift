// expect: A reads everything, but message number
// file: Mailbox.swift
import Glibc
import Synchronization

/// The messages that others leave for a client. Only the client's own task writes to its socket, so
/// the manager never waits for a client.
final class Mailbox: Sendable {
  /// The number of bytes that may wait here for a slow client.
  private static let limit = 64 * 1024

  let socket: Int32
  private let content = Mutex<(id: Int?, bytes: [UInt8])>((nil, []))
  private let total = Mutex(0)

  init(_ socket: Int32) {
    self.socket = socket
    // Bytes that wait in the kernel count too: without this, up to four megabytes.
    var size = Int32(Self.limit)
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The client's number, once it has joined.
  var id: Int? {
    get { content.withLock { $0.id } }
    set { content.withLock { $0.id = newValue } }
  }

  /// Leaves a server-sent event, and wakes the client's task. A client whose mailbox overflows is
  /// cut off: its task finds the connection closed and ends.
  func post(_ text: String) {
    let isOver = content.withLock { content in
      content.bytes += Array("data: \(text)\n\n".utf8)
      return total.withLock { total in
        total += text.utf8.count
        return total > Self.limit
      }
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
