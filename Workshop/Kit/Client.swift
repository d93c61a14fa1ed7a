import Glibc

/// A client of a real server. Its calls block, and the part's deadline ends what blocks for ever.
public final class Client {
  public let name: String
  private let descriptor: Int32
  private var input: [UInt8] = []

  init(_ name: String, port: UInt16) {
    self.name = name
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status == -1 {
      fail("\(name) cannot connect", happened: String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// All of it, or the server has closed the connection.
  @discardableResult
  public func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// A whole request.
  public func ask(_ target: String, _ fields: String...) {
    let lines = ["GET \(target) HTTP/1.1", "Host: check"] + fields
    send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// Waits for the next reply; `nil` where the connection ends before.
  public func reply() -> Reply? {
    Waiting.for("a reply to \(name)") {
      while true {
        if let reply = Reply(from: &input) { return reply }
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count <= 0 { return nil }
        input += chunk[..<count]
      }
    }
  }

  /// Ends the connection, without a word.
  public func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
