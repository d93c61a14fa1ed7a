import Glibc
import TestSupport

@testable import Common
@testable import WireProtocols

/// Two connected sockets in this process: what one sends, the other receives at once.
struct SocketPair: ~Copyable {
  let near: Socket
  let far: Socket

  init(nonBlocking: Bool = false) throws {
    var numbers: [Int32] = [-1, -1]
    // A test that runs in another process must not inherit our ends, or we would wait for the end
    // of that process too.
    var type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    if nonBlocking { type |= Int32(SOCK_NONBLOCK.rawValue) }
    try check("socketpair") { socketpair(AF_UNIX, type, 0, &numbers) }
    near = Socket(Descriptor(owning: numbers[0]))
    far = Socket(Descriptor(owning: numbers[1]))
  }

  /// Returns one end and closes the other.
  consuming func takeNear() -> Socket { near }
}

extension Socket {
  /// A client of a listener.
  init(connectedTo address: SocketAddress) throws {
    var address = address
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(owning: try check("socket") { socket(address.family, type, 0) })
    try check("connect") {
      address.withMutablePointer { connect(descriptor.number, $0, $1.pointee) }
    }
    self.init(descriptor)
  }

  func send(_ text: String) throws -> Int? {
    try bytes(text).withUnsafeBytes { try send($0) }
  }

  /// Returns what has arrived, up to `count` bytes; `nil` if nothing has.
  func receiveText(atMost count: Int = 100) throws -> String? {
    var buffer = [UInt8](repeating: 0, count: count)
    return try receive(into: &buffer).map { text(buffer.prefix($0)) }
  }

  /// Returns the outcome of a blocking wait.
  func arrival(until deadline: Instant, unless stop: StopSignal? = nil) throws -> String {
    var buffers = IOBuffers(inputSize: 100)
    return "\(try receive(into: &buffers, until: deadline, unless: stop))"
  }

  /// Returns an option's value (getsockopt(2)).
  func option(_ level: Int32, _ name: Int32) -> Int32 { descriptor.option(level, name) }
}

extension Listener {
  /// Connects a client and waits until it is in the backlog.
  func acceptOne(nonBlocking: Bool = false) throws -> Socket {
    // The kernel completes a connection after `connect` returned (tcp(7)).
    var ready = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 60_000) == 1, let socket = try accept(nonBlocking: nonBlocking) else {
      throw SystemError(call: "accept4", code: EAGAIN)
    }
    return socket
  }

  /// Whether a client arrived before a stop.
  func acceptsBeforeStop(_ stop: StopSignal) throws -> Bool { try accept(unless: stop) != nil }
}

extension Descriptor {
  func option(_ level: Int32, _ name: Int32) -> Int32 {
    var value: Int32 = -1
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(number, level, name, &value, &size)
    return value
  }
}
