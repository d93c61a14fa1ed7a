// expect: and no event will report it
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
  /// Bytes that were read but are not a complete request yet.
  private var input: [UInt8] = []
  /// Bytes that the kernel has not taken yet.
  private var output: [UInt8] = []
  private static let end = Array("\r\n\r\n".utf8)

  /// - Parameter answer: returns the answer to a request.
  init(socket: NonBlockingSocket, answer: @escaping ([UInt8]) -> [UInt8]) {
    (self.socket, self.answer) = (socket, answer)
  }

  /// Does as much as possible without waiting, and returns what it is waiting for.
  mutating func advance() -> Wait {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      while !output.isEmpty {
        let count = socket.write(output[...])
        if count == -1 { return errno == EAGAIN ? .writing : .done }
        output.removeFirst(count)
      }
      let count = socket.read(into: &buffer)
      if count == -1 { return errno == EAGAIN ? .reading : .done }
      if count == 0 { return .done }
      input += buffer[..<count]
      if let end = input.firstRange(of: Self.end)?.upperBound {
        output = answer(Array(input[..<end]))
        input.removeFirst(end)
      }
    }
  }
}
