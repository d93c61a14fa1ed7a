import Kit

/// Reads requests from a socket, one after the other.
struct RequestReader {
  let socket: ScriptedSocket

  init(_ socket: ScriptedSocket) { self.socket = socket }

  /// Returns the next request, from its first byte through the `\r\n\r\n` that ends it, or `nil`
  /// when the client is done.
  ///
  /// `socket.read(into: &buffer)` works like read(2): it puts what has arrived at the front of the
  /// buffer and returns the number of bytes. 0 means that the client will send no more.
  ///
  /// Requirement: however the client's bytes are cut into pieces, the requests are the same.
  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    _ = count  // Write this.
    return nil
  }
}
