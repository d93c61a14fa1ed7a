// expect: a ping between two fragments destroyed the message
// file: Session+WebSocket.swift
extension Session {
  /// Answers the frames that have arrived. A frame that violates the protocol is answered with a
  /// close frame, and the connection ends.
  mutating func readFrames() {
    do throws(CloseCode) {
      while !isFinishing, let frame = try Frame.take(from: &input) {
        switch frame.opcode {
        case .ping:
          output += Frame.encode(.pong, frame.payload)
          message = nil
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
    output += Frame.encode(.text, "Echo: \(text)".utf8)
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
