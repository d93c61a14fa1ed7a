import Common
import Glibc

/// A proxy between a browser and the server, as editors and cloud environments have one: it accepts
/// connections on its own port, and puts the server's address into the `Host` field of what it
/// forwards. It has one thread, and blocks if one side does not read.
final class Forwarder: @unchecked Sendable {
  // Unchecked: after `init` nothing changes, except what only the thread touches.
  private let listener: Listener
  private let server: UInt16
  private var links: [Link] = []

  private final class Link {
    let client: Socket
    let server: Socket

    init(_ client: consuming Socket, to port: UInt16) throws {
      self.client = client
      server = Socket(try connectTCP(port: port))
    }
  }

  init(to server: UInt16) throws {
    self.server = server
    listener = try Listener(host: "127.0.0.1", port: 0)
    try spawnThread(named: "forwarder") { try? self.run() }
  }

  /// Where the browser finds it: `127.0.0.1:PORT`.
  var address: String { "\(listener.address)" }

  /// Ends the thread and all connections.
  func end() { shutdown(listener.descriptor.number, Int32(SHUT_RDWR)) }

  private func run() throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let numbers = links.flatMap { [$0.client.descriptor.number, $0.server.descriptor.number] }
      var waits = ([listener.descriptor.number] + numbers).map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      poll(&waits, nfds_t(waits.count), -1)
      let ready = waits.map { $0.revents != 0 }
      links = links.enumerated().filter { index, link in
        (!ready[2 * index + 1] || pass(link.client, link.server, &buffer, rewriting: true))
          && (!ready[2 * index + 2] || pass(link.server, link.client, &buffer, rewriting: false))
      }.map(\.element)
      if ready[0] {
        // After `end` this throws, and the connections end with the thread.
        guard let client = try listener.accept() else { continue }
        // While a test restarts the server, a page that tries again is refused.
        if let link = try? Link(client, to: server) { links.append(link) }
      }
    }
  }

  /// Forwards what has arrived; returns false when the connection ends. A browser sends the head of
  /// a request in one piece.
  private func pass(
    _ from: borrowing Socket, _ to: borrowing Socket, _ buffer: inout [UInt8], rewriting: Bool
  ) -> Bool {
    guard let count = try? from.receive(into: &buffer), count > 0 else { return false }
    var bytes = Array(buffer[..<count])
    if rewriting {
      bytes.replace("Host: \(address)".utf8, with: Array("Host: localhost:\(server)".utf8))
    }
    return (try? to.sendAll(bytes, timeout: patience)) != nil
  }
}
