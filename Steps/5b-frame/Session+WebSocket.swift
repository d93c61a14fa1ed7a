extension Session {
  /// Answers the messages that have arrived. A frame that violates the protocol is answered with a
  /// close frame, and the connection ends.
  mutating func readFrames() {
    do throws(CloseCode) {
      while let frame = try Frame.take(from: &input) {
        if frame.opcode == .text {
          output += Frame.encode(.text, Array("Echo: ".utf8) + frame.payload)
        }
      }
    } catch {
      output += Frame.encode(.close, [UInt8(error.rawValue >> 8), UInt8(error.rawValue & 0xFF)])
      isFinishing = true
    }
  }
}
