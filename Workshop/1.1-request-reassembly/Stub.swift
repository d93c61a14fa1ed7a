import Kit

/// Reads requests from a socket, one after the other.
struct RequestReader {
  let socket: ScriptedSocket

  init(_ socket: ScriptedSocket) { self.socket = socket }

  /// The next request, from its first byte to the `\r\n\r\n` that ends it; `nil` when the client is done.
  ///
  /// `socket.read(into: &buffer)` works like read(2): it puts what has arrived at the front of the buffer and returns how
  /// many bytes that were; 0 means that the client will send no more.
  ///
  /// What must hold: however the bytes of the client are cut into pieces, the requests are the same.
  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    _ = count  // Yours to write.
    return nil
  }
}
