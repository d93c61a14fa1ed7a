extension Session {
  /// Stops, and takes what has arrived on a blocking socket by now, at most one buffer: that is
  /// still answered. What comes later only completes a request of which a part is there.
  /// - Throws: the error of recv(2) that ended the connection.
  public mutating func stop(
    _ socket: borrowing Socket, _ buffers: inout IOBuffers
  ) throws(SystemError) {
    stop()
    if case .bytes(let count) = try socket.receive(into: &buffers, until: buffers.now) {
      receive(count, &buffers)
    }
  }
}
