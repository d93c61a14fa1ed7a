import Common
import Glibc

/// A client among many: all of them are served by one thread, the test's.
final class SwarmClient: Registered {
  let socket: Socket
  let token: Token
  /// Text messages, in the order in which they arrived.
  var texts: [String] = []
  var closeCode: Int?
  var hasEnded = false
  var isOpen = false
  /// Whether the client reads nothing.
  var reads = true
  var pongs = true
  private(set) var pings = 0
  private var input: [UInt8] = []

  init(_ socket: consuming Socket, _ token: Token) {
    self.socket = socket
    self.token = token
  }

  /// Sends text messages, all in one piece.
  func send(_ texts: String...) throws { try send(texts) }

  func send(_ texts: [String]) throws {
    try socket.sendAll(texts.flatMap { Self.encoded(.text($0)) })
  }

  func send(_ frame: WebSocketFrame) throws { try socket.sendAll(Self.encoded(frame)) }

  /// A mask of zeros changes nothing, so masking costs nothing.
  private static func encoded(_ frame: WebSocketFrame) -> [UInt8] {
    frame.encoded(mask: [0, 0, 0, 0])
  }

  func receive(_ buffer: inout [UInt8]) throws {
    let number = socket.descriptor.number
    while reads, !hasEnded {
      let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 && errno == EAGAIN { return }
      if count <= 0 { hasEnded = true } else { input += buffer[..<count] }
      try parse()
    }
  }

  private func parse() throws {
    var start = 0
    if !isOpen {
      guard let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
      guard input.starts(with: "HTTP/1.1 101 ".utf8) else {
        throw HarnessError(String(decoding: input, as: UTF8.self))
      }
      isOpen = true
      start = end.upperBound
    }
    while let (opcode, payload) = nextFrame(from: start) {
      start = payload.upperBound
      switch opcode {
      case WebSocketFrame.text: texts.append(String(decoding: input[payload], as: UTF8.self))
      case WebSocketFrame.close:
        closeCode = Int(input[payload.lowerBound]) << 8 | Int(input[payload.lowerBound + 1])
      case WebSocketFrame.ping:
        pings += 1
        if pongs {
          try send(WebSocketFrame(opcode: WebSocketFrame.pong, payload: Array(input[payload])))
        }
      default: throw HarnessError("unexpected opcode \(opcode)")
      }
    }
    input.removeFirst(start)
  }

  private func nextFrame(from start: Int) -> (UInt8, Range<Int>)? {
    guard input.count >= start + 2 else { return nil }
    var header = 2
    var length = Int(input[start + 1])
    if length == 126 {
      guard input.count >= start + 4 else { return nil }
      length = Int(input[start + 2]) << 8 | Int(input[start + 3])
      header = 4
    } else if length == 127 {
      guard input.count >= start + 10 else { return nil }
      length = input[start + 2..<start + 10].reduce(0) { $0 << 8 | Int($1) }
      header = 10
    }
    guard input.count >= start + header + length else { return nil }
    return (input[start] & 0xf, start + header..<start + header + length)
  }
}
