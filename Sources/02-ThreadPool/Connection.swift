import Common

// snippet: connection
/// A client's socket, shared by the worker that serves it and by the workers whose broadcasts reach
/// it.
final class Connection: @unchecked Sendable {
  // Unchecked: `takesFrames` is touched only while holding the mutex.
  let socket: Socket
  private let service: HelloService
  /// Two threads may have something to say at once, and a frame in the middle of another one is
  /// none.
  private let writing = PosixMutex()
  /// Whether a frame from another client may follow: not after a Close frame, and not after half of
  /// a frame.
  private var takesFrames = false

  init(_ socket: consuming Socket, _ service: HelloService) {
    self.socket = socket
    self.service = service
  }

  /// Sends the answers of the client's own worker.
  /// - Parameter isOpen: whether frames from other clients may follow them.
  /// - Throws: what ``Socket/sendAll(_:timeout:)`` throws; nothing is sent to this client any more.
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
  /// - Returns: whether the client got it.
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

  /// Tells a client that there is no room for it. What it has sent is read first: closing a socket
  /// with unread bytes resets the connection, and the answer with it.
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
