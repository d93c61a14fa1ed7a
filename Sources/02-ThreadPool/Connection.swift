import Common

// snippet: connection
/// A client's socket, shared by the worker that serves the client and the workers that broadcast to
/// it.
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

  /// Sends the answers that the client's own worker has produced.
  /// - Parameter isOpen: whether frames from other clients may be sent after them.
  /// - Throws: what ``Socket/sendAll(_:timeout:)`` throws; after that, nothing more is sent to this
  ///   client.
  func sendAll(_ buffers: inout IOBuffers, isOpen: Bool) throws(SystemError) {
    try writing.withLock { () throws(SystemError) in
      takesFrames = false
      try socket.sendAll(&buffers, timeout: service.options.sendTimeout)
      takesFrames = isOpen
    }
  }

  /// Sends a frame from another client. If this client does not take it within the send timeout, it
  /// is cut off: its own worker reads the end of the stream, and no other worker waits for it
  /// again.
  /// - Returns: whether the kernel took the whole frame.
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

  /// Tells a client that there is no room for it. What the client has sent is discarded before the
  /// socket is closed: closing it with unread bytes would reset the connection, and the answer
  /// could be lost.
  func refuse() {
    var buffers = IOBuffers(inputSize: 0)
    service.refuse(&buffers.output)
    service.log(socket, "refused: there is no room")
    do { try sendAll(&buffers, isOpen: false) } catch { service.log(socket, error) }
    socket.shutdownWriting()
    socket.discardInput()
  }
}
// snippet: end
