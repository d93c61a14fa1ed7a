import Common
import Glibc

/// A client with a blocking TCP connection, which does exactly what it is told.
final class Client {
  private var owned: Descriptor?
  var descriptor: Int32 { owned?.number ?? -1 }
  /// Bytes that arrived and were not asked for yet.
  private var received: [UInt8] = []
  private var chunk: [UInt8]
  private let transcript = Transcript.current
  private let number: Int

  /// - Parameters:
  ///   - receiveBuffer: how much unread data the kernel keeps for this client.
  ///   - portion: the most that it takes at a time.
  init(port: UInt16, receiveBuffer: Int32? = nil, portion: Int = 65536) throws {
    chunk = [UInt8](repeating: 0, count: portion)
    number = transcript?.nextClient() ?? 0
    owned = try connectTCP(port: port, receiveBuffer: receiveBuffer)
    var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    transcript?.add(number, "sends", bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw HarnessError(call: "send, after \(sent) bytes") }
      sent += count
    }
  }

  /// Sends every byte in its own packet.
  func sendByteByByte(_ bytes: [UInt8]) throws {
    for byte in bytes { try send([byte]) }
  }

  /// Receives exactly this many bytes.
  func read(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      guard try receive() else {
        throw HarnessError("closed after \(received.count) of \(count) bytes: \(seen)")
      }
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// Receives everything up to and including an empty line.
  func readHead() throws -> String {
    var scanned = 0
    while true {
      while scanned + 4 <= received.count {
        if received[scanned..<scanned + 4].elementsEqual("\r\n\r\n".utf8) {
          return String(decoding: try read(scanned + 4), as: UTF8.self)
        }
        scanned += 1
      }
      guard try receive() else { throw HarnessError("closed instead of an answer: '\(seen)'") }
    }
  }

  /// Checks that the server ends the connection in good order and sends nothing more before.
  func expectClosed() throws {
    guard received.isEmpty, try !receive() else {
      throw HarnessError("expected the end of the stream, got '\(seen)'")
    }
  }

  /// Receives everything until the connection ends, in good order or not.
  func readToEnd() -> String {
    while (try? receive()) == true {}
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// Reads until the connection ends, and keeps nothing.
  func discardToEnd() { while recv(descriptor, &chunk, chunk.count, 0) > 0 {} }

  /// Takes what has arrived; returns `false` at the end of the stream.
  private func receive() throws -> Bool {
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count >= 0 else {
      let error = errno == EAGAIN ? HarnessError.silence : HarnessError(call: "recv")
      transcript?.add(number, "waits: \(error)")
      throw HarnessError("\(error), after '\(seen)'")
    }
    received += chunk[..<count]
    if count == 0 {
      transcript?.add(number, "reads the end of the connection")
    } else {
      transcript?.add(number, "receives", chunk[..<count])
    }
    return count > 0
  }

  /// Whether bytes have arrived that were not asked for yet.
  var hasReceived: Bool { !received.isEmpty }

  private var seen: String { String(decoding: received.prefix(300), as: UTF8.self) }

  /// Whether an answer, or the end of the stream, arrives within this many milliseconds.
  func hasInput(within milliseconds: Int32 = 0) -> Bool {
    var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return !received.isEmpty || poll(&descriptor, 1, milliseconds) == 1
  }

  /// Stops sending; answers are still read (shutdown(2)).
  func shutdownWriting() {
    transcript?.add(number, "finishes sending")
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Hangs up.
  func close() {
    transcript?.add(number, "closes its connection")
    owned = nil
  }

  /// Hangs up abruptly: the server gets a reset instead of the end of the stream (socket(7)
  /// `SO_LINGER`).
  func reset() {
    var at0 = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at0, socklen_t(MemoryLayout<linger>.size))
    close()
  }
}

/// Opens a blocking connection.
/// - Parameters:
///   - source: any address of 127.0.0.0/8; each has 28,000 ports.
///   - receiveBuffer: the small receive buffer of a client that does not read (socket(7)
/// `SO_RCVBUF`).
func connectTCP(
  port: UInt16, from source: UInt32 = 0x7f00_0001, receiveBuffer: Int32? = nil
) throws -> Descriptor {
  let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  let descriptor = Descriptor(owning: try check("socket") { socket(AF_INET, type, 0) })
  if let receiveBuffer { try descriptor.setOption(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
  // Every send is its own packet, even if it is a single byte.
  try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  // ip(7) IP_BIND_ADDRESS_NO_PORT: the port is chosen at connect, when the destination is known.
  try descriptor.setOption(Int32(IPPROTO_IP), 24, 1)
  let number = descriptor.number
  for (name, call, host, port) in [
    ("bind" as StaticString, bind, source, 0), ("connect", connect, 0x7f00_0001, port),
  ] {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = host.bigEndian
    try check(name) {
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          call(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }
  return descriptor
}
