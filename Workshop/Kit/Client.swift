import Glibc

/// A client of a server that runs in another process. Its calls block; if one blocks forever, the
/// part's deadline ends the check.
public final class Client {
  public let name: String
  let descriptor: Int32
  var input: [UInt8] = []
  /// The reader's program, or `nil` for one of the real servers.
  let program: Program?
  /// Why the client is not connected. Reported when a check first expects a reply from the reader's
  /// program.
  private(set) var refusal: String?

  init(_ name: String, port: UInt16, program: Program? = nil, receiveBuffer: Int32? = nil) {
    (self.name, self.program) = (name, program)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if var receiveBuffer {
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, size)
      // With loopback's usual segments of 64 KiB, the server's kernel would buffer megabytes.
      var segment: Int32 = 1460
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, size)
    }
    if Self.connect(descriptor, port) == 0 { return }
    refusal = "\(name) cannot connect: \(String(cString: strerror(errno)))"
    if program == nil { fail(refusal!) }
  }

  deinit { close(descriptor) }

  static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
  }

  static func connect(_ descriptor: Int32, _ port: UInt16) -> Int32 {
    var address = address(port: port)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Sends all of the text. Returns false if the server has closed the connection.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    if program != nil { Events.add("\(name) sends \(show(bytes))") }
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Sends a complete request.
  public func ask(_ target: String, _ fields: String...) {
    let lines = ["GET \(target) HTTP/1.1", "Host: check"] + fields
    send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// Waits for the next reply and returns it, or `nil` if the connection ends first.
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

  /// Shuts down the connection in both directions.
  public func hangUp() {
    if program != nil { Events.add("\(name) hangs up") }
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
