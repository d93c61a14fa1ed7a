extension Session {
  /// Answers the messages that have arrived. What breaks the protocol gets a close frame, and ends the
  /// connection.
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
