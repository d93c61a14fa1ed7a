import Common

/// A client's socket. The worker that serves the client shares it with the workers that broadcast.
final class Connection: @unchecked Sendable {
  // Unchecked: `takesFrames` is touched only while holding the mutex.
  let socket: Socket
  private let service: HelloService
  /// Held while sending. Without it, two threads could write at once, and one frame would land in
  /// the middle of another.
  private let writing = PosixMutex()
  /// Whether a frame from another client may be sent now. False after a Close frame, and after a
  /// send that failed in the middle of a frame.
  private var takesFrames = false

  init(_ socket: consuming Socket, _ service: HelloService) {
    self.socket = socket
    self.service = service
  }

  /// Sends the answers of the client's own worker. If that fails, nothing more is sent.
  /// - Parameter isOpen: whether frames from other clients may follow.
  func sendAll(_ buffers: inout IOBuffers, isOpen: Bool) throws(SystemError) {
    try writing.withLock { () throws(SystemError) in
      takesFrames = false
      try socket.sendAll(&buffers, timeout: service.options.sendTimeout)
      takesFrames = isOpen
    }
  }

  /// Sends a frame from another client; returns whether the kernel took all of it. A client that
  /// takes nothing for the send timeout is cut off, so no other worker waits for it again.
  func deliver(_ frame: [UInt8]) -> Bool {
    writing.withLock {
      guard takesFrames else { return false }
      do { try socket.sendAll(frame, timeout: service.options.sendTimeout) } catch {
        takesFrames = false
        service.log(socket, error)
        socket.shutdown()
      }
      return takesFrames
    }
  }

  /// Tells a client that there is no room for it. What it has sent is discarded first: closing a
  /// socket with unread bytes resets the connection, and the answer could be lost.
  func refuse() {
    var buffers = IOBuffers(inputSize: 0)
    service.refuse(&buffers.output)
    service.log(socket, "refused: there is no room")
    do { try sendAll(&buffers, isOpen: false) } catch { service.log(socket, error) }
    socket.shutdownWriting()
    socket.discardInput()
  }
}
