import Glibc
import Kit

/// A client between two events: all that a blocked thread would have kept on its stack.
struct Connection {
  /// What has to happen before `advance` is called again.
  enum Wait {
    /// Bytes arrive, or the end of the stream.
    case reading
    /// The kernel has room for what is to be written.
    case writing
    /// Nothing: the client has left, and the loop closes the connection.
    case done
  }

  private let socket: NonBlockingSocket
  private let answer: ([UInt8]) -> [UInt8]

  /// - Parameter answer: the answer to a request.
  init(socket: NonBlockingSocket, answer: @escaping ([UInt8]) -> [UInt8]) {
    (self.socket, self.answer) = (socket, answer)
  }

  /// Goes as far as possible without waiting. Yours to write.
  ///
  /// `socket.read(into: &buffer)` and `socket.write(bytes[...])` return how many bytes it were, at once. (`[...]` makes a slice
  /// of an array, here all of it.) -1 with `errno == EAGAIN`: not now. -1 with anything else: the connection is gone. `read`
  /// returns 0 at the end of the stream.
  ///
  /// What must hold: however the requests are cut into pieces, and however little room there is, each request gets its
  /// whole answer, in order; and nothing is read as long as something is left to write.
  mutating func advance() -> Wait {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    if count == 0 { return .done }
    return .reading
  }
}
