extension Session {
  /// Answers the frames that have arrived. A frame that violates the protocol is answered with a
  /// close frame, and the connection ends.
  mutating func readFrames() {
    do throws(CloseCode) {
      while !isFinishing, command == nil, let frame = try Frame.take(from: &input) {
        switch frame.opcode {
        case .ping: output += Frame.encode(.pong, frame.payload)
        case .pong: break
        case .close: try close(frame.payload)
        case .continuation, .text, .binary: try add(frame)
        }
      }
    } catch {
      output += Frame.encode(.close, [UInt8(error.rawValue >> 8), UInt8(error.rawValue & 0xFF)])
      isFinishing = true
    }
  }

  /// A message is a first fragment with an opcode, followed by continuations; the last fragment is
  /// final: section 5.4.
  private mutating func add(_ frame: Frame) throws(CloseCode) {
    guard (frame.opcode == .continuation) == (message != nil) else { throw .protocolError }
    var (opcode, payload) = message ?? (frame.opcode, [])
    payload += frame.payload
    if payload.count > Frame.maxMessage { throw .messageTooBig }
    message = frame.isFinal ? nil : (opcode, payload)
    if frame.isFinal { try answer(opcode, payload) }
  }

  private mutating func answer(_ opcode: Frame.Opcode, _ payload: [UInt8]) throws(CloseCode) {
    guard opcode == .text else {
      output += Frame.encode(.binary, payload)
      return
    }
    guard let text = String(validating: payload, as: UTF8.self) else { throw .invalidPayload }
    let words = text.split(separator: " ", maxSplits: 2)
    switch words.first {
    case "whoami": output += Frame.encode(.text, "You are client \(id)".utf8)
    case "broadcast": command = .broadcast(Frame.encode(.text, "Hello from client \(id)".utf8))
    case "send": send(words)
    case _ where takeTopicCommand(words): break
    default: output += Frame.encode(.text, "Echo: \(text)".utf8)
    }
  }

  /// `send 3 Hello` is only for client 3.
  private mutating func send(_ words: [Substring]) {
    guard words.count == 3, let receiver = Int(words[1]) else {
      output += Frame.encode(.text, "Usage: send NUMBER TEXT".utf8)
      return
    }
    command = .send(Frame.encode(.text, "From client \(id): \(words[2])".utf8), to: receiver)
  }

  /// Answers a close frame with the same code, and ends the connection: section 5.5.1.
  private mutating func close(_ payload: [UInt8]) throws(CloseCode) {
    if payload.count == 1 { throw .protocolError }
    guard String(validating: payload.dropFirst(2), as: UTF8.self) != nil else {
      throw .invalidPayload
    }
    output += Frame.encode(.close, payload.prefix(2))
    isFinishing = true
  }
}
