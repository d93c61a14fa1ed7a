// expect: is read from anyway
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
  /// What was read and is not a whole request yet.
  private var input: [UInt8] = []
  /// What the kernel has not taken yet.
  private var output: [UInt8] = []
  private static let end = Array("\r\n\r\n".utf8)

  /// - Parameter answer: the answer to a request.
  init(socket: NonBlockingSocket, answer: @escaping ([UInt8]) -> [UInt8]) {
    (self.socket, self.answer) = (socket, answer)
  }

  /// Goes as far as possible without waiting.
  mutating func advance() -> Wait {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var count = socket.read(into: &buffer)
    while count > 0 {
      input += buffer[..<count]
      count = socket.read(into: &buffer)
    }
    let isDone = count == 0 || errno != EAGAIN
    while let end = input.firstRange(of: Self.end)?.upperBound {
      output += answer(Array(input[..<end]))
      input.removeFirst(end)
    }
    while !output.isEmpty {
      let count = socket.write(output[...])
      if count == -1 { return errno == EAGAIN ? .writing : .done }
      output.removeFirst(count)
    }
    return isDone ? .done : .reading
  }
}
