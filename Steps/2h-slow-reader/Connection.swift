import Glibc

/// A client's socket, shared by the worker that serves it and the workers that broadcast to it. It
/// closes when the last of them releases this object.
final class Connection: Sendable {
  let descriptor: Int32
  /// Held while sending: two threads may send at once, and an event inside another one is garbage.
  private let writing = PosixMutex()

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) -> Bool {
    writing.withLock { sendAll(bytes, to: descriptor) }
  }

  /// Sends an event from another thread. A client that does not take it in time is cut off: its own
  /// worker reads the end of the stream.
  func deliver(_ event: [UInt8]) {
    if !send(event) { shutdown(descriptor, Int32(SHUT_RDWR)) }
  }
}
