/// A client of ``FaultWebSocket``: its thread reads, and any may answer.
///
/// `@unchecked Sendable`: `number` is set before another thread sees the client; `held` belongs to
/// the thread that answers it, which is the client's own or, in a broadcast, the one that holds the
/// server's lock.
final class FaultClient: @unchecked Sendable {
  let connection: FaultConnection
  var number = 0
  private var held: FaultConnection.Frame?

  init(_ connection: FaultConnection) { self.connection = connection }

  /// Sends a message back as the step wants it. Returns false when the connection is over.
  func echo(_ frame: FaultConnection.Frame, _ step: FaultWebSocket.Step) -> Bool {
    let late = held
    held = nil
    let isFine: Bool
    switch step {
    case .answer, .leaveOut: isFine = connection.send(frame)
    case .drip: isFine = connection.drip(frame)
    case .swallow: isFine = true
    case .twice: isFine = connection.send(frame) && connection.send(frame)
    case .behindTheNext:
      held = frame
      isFine = true
    case .corrupt:
      var wrong = frame
      wrong.payload[wrong.payload.count - 1] ^= 1
      isFine = connection.send(wrong)
    case .asText:
      isFine = connection.send(FaultConnection.Frame(opcode: 0x1, payload: frame.payload))
    case .close(let code):
      _ = connection.send(
        FaultConnection.Frame(
          opcode: 0x8, payload: [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)]))
      return false
    case .drop: return false
    case .bytes(let bytes): isFine = connection.send(bytes)
    }
    return isFine && (late.map { connection.send($0) } ?? true)
  }
}

extension FaultConnection {
  /// A whole frame, its payload unmasked.
  struct Frame {
    var opcode: UInt8
    var payload: [UInt8]
    var isMasked = false

    static func text(_ text: String) -> Frame { Frame(opcode: 0x1, payload: Array(text.utf8)) }

    /// The frame as a server writes it.
    func bytes(isFinal: Bool = true) -> [UInt8] {
      let length: [UInt8] =
        payload.count < 126
        ? [UInt8(payload.count)] : [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
      return [(isFinal ? 0x80 : 0) | opcode] + length + payload
    }
  }

  func send(_ frame: Frame) -> Bool { send(frame.bytes()) }

  static let ping: [UInt8] = [1, 2, 3]

  /// Two fragments around a ping, a byte at a time.
  func drip(_ frame: Frame) -> Bool {
    let middle = frame.payload.count / 2
    let first = Frame(opcode: frame.opcode, payload: Array(frame.payload[..<middle]))
    let second = Frame(opcode: 0, payload: Array(frame.payload[middle...]))
    let ping = Frame(opcode: 0x9, payload: Self.ping)
    let bytes = first.bytes(isFinal: false) + ping.bytes() + second.bytes()
    return bytes.allSatisfy { send([$0]) }
  }

  /// Reads the client's next frame, or returns `nil` if the client hung up. Payloads are below 64
  /// KiB.
  func readFrame() -> Frame? {
    guard let head = read(2) else { return nil }
    let isMasked = head[1] & 0x80 != 0
    var length = Int(head[1] & 0x7F)
    if length == 126 {
      guard let extended = read(2) else { return nil }
      length = Int(extended[0]) << 8 | Int(extended[1])
    }
    guard let mask = read(isMasked ? 4 : 0), let payload = read(length) else { return nil }
    let unmasked = isMasked ? payload.enumerated().map { $1 ^ mask[$0 % 4] } : payload
    return Frame(opcode: head[0] & 0xF, payload: unmasked, isMasked: isMasked)
  }
}
