// expect: The request is longer than one read can deliver
import Glibc
import Kit

struct Connection {
  enum Wait {
    case reading
    case writing
    case done
  }

  private let socket: NonBlockingSocket
  private let answer: ([UInt8]) -> [UInt8]
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private static let end = Array("\r\n\r\n".utf8)

  init(socket: NonBlockingSocket, answer: @escaping ([UInt8]) -> [UInt8]) {
    (self.socket, self.answer) = (socket, answer)
  }

  mutating func advance() -> Wait {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      while !output.isEmpty {
        let count = socket.write(output[...])
        if count == -1 { return errno == EAGAIN ? .writing : .done }
        output.removeFirst(count)
      }
      if let end = input.firstRange(of: Self.end)?.upperBound {
        output = answer(Array(input[..<end]))
        input.removeFirst(end)
        continue
      }
      let count = socket.read(into: &buffer)
      if count == -1 { return errno == EAGAIN ? .reading : .done }
      if count == 0 { return .done }
      input += buffer[..<count]
      if input.count > 1024 { return .done }
    }
  }
}
