import Glibc
import Kit

/// The state of a connection between two events: everything that a blocked thread would have kept
/// on its stack.
struct Connection {
  /// The event to wait for before the next call to `advance`.
  enum Wait {
    /// Bytes, or the end of the stream.
    case reading
    /// Room in the kernel for the bytes that are left to write.
    case writing
    /// Nothing: the client is gone, and the loop closes the connection.
    case done
  }

  private let socket: NonBlockingSocket
  private let answer: ([UInt8]) -> [UInt8]

  /// - Parameter answer: returns the answer to a request.
  init(socket: NonBlockingSocket, answer: @escaping ([UInt8]) -> [UInt8]) {
    (self.socket, self.answer) = (socket, answer)
  }

  /// Does as much as possible without waiting, and returns what it is waiting for. Write this.
  ///
  /// `socket.read(into: &buffer)` and `socket.write(bytes[...])` return immediately with the number
  /// of bytes. (`[...]` makes a slice of an array; here it is the whole array.) -1 with `errno ==
  /// EAGAIN` means "not now"; -1 with any other error means that the connection is gone. `read`
  /// returns 0 at the end of the stream.
  ///
  /// Requirements: however the requests are cut into pieces, and however little room there is, each
  /// request gets its whole answer, in order. Nothing is read while there are still bytes to write.
  mutating func advance() -> Wait {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    if count == 0 { return .done }
    return .reading
  }
}
