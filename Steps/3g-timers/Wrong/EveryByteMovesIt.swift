// expect: A sends a byte every 50 ms, and may do so forever
// file: Connection.swift
import Glibc

/// A client between two events: what a blocked thread would have kept on its stack.
final class Connection {
  enum Wait { case reading, writing, pausing }

  let socket: Int32
  var session = Session(delay: Server.delay)
  var wait = Wait.reading
  /// When this wait ends, if no event ends it before. No byte that arrives moves it.
  var deadline = ContinuousClock.now + Server.timeout
  /// What the kernel has not taken yet.
  var outbox: ArraySlice<UInt8> = []

  init(_ socket: Int32) { self.socket = socket }

  deinit { close(socket) }

  /// Offers the outbox to the kernel. False if it did not take everything.
  func flush() throws(Disconnected) -> Bool {
    while !outbox.isEmpty {
      let count = outbox.withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count == -1 && errno == EAGAIN { return false }
      if count == -1 { throw Disconnected() }
      outbox = outbox.dropFirst(count)
      deadline = .now + Server.timeout
    }
    return true
  }

  /// Hands what has arrived to the session. False if nothing has.
  func fill() throws(Disconnected) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count == -1 && errno == EAGAIN { return false }
    if count == -1 { throw Disconnected() }
    session.receive(buffer.prefix(count))
    deadline = .now + Server.timeout
    return true
  }
}

/// The client is gone.
struct Disconnected: Error {}
