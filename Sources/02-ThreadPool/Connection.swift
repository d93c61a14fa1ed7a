import Common

/// A client's socket, shared by the worker that serves it and by the workers whose broadcasts reach it.
final class Connection: Sendable {
  let socket: Socket
  /// Two threads may have something to say at once, and a frame in the middle of another one is none.
  private let writing = PosixMutex()

  init(_ socket: consuming Socket) { self.socket = socket }

  func sendAll(_ buffers: inout IOBuffers) throws(SystemError) {
    try writing.withLock { () throws(SystemError) in try socket.sendAll(&buffers) }
  }

  /// A frame from another client. Who does not take it within the send timeout is cut off: its own worker
  /// reads the end of the stream, and nobody waits for it again.
  func deliver(_ frame: [UInt8]) {
    let sent: Void? = try? writing.withLock { try socket.sendAll(frame) }
    if sent == nil { socket.shutdown() }
  }

  /// Tells a client that there is no room for it. What it has sent is read first: closing a socket with unread bytes
  /// resets the connection, and the answer with it.
  func refuse(by service: HelloService) {
    var buffers = IOBuffers(inputSize: 0)
    service.refuse(&buffers.output)
    try? sendAll(&buffers)
    socket.shutdownWriting()
    socket.discardInput()
  }
}
