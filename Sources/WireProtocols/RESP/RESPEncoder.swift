/// An encoder for commands to Redis: arrays of bulk strings.
public enum RESPEncoder {
  /// Appends a command.
  /// - Parameter payload: the last word, if it may be any bytes.
  public static func append(
    _ words: [String], _ payload: [UInt8]? = nil, to output: inout OutputBuffer
  ) {
    append("*", words.count + (payload == nil ? 0 : 1), to: &output)
    for var word in words {
      append("$", word.utf8.count, to: &output)
      word.withUTF8 { output.append(UnsafeRawBufferPointer($0)) }
      output.append("\r\n")
    }
    if let payload {
      append("$", payload.count, to: &output)
      output.append(payload)
      output.append("\r\n")
    }
  }

  private static func append(_ type: StaticString, _ number: Int, to output: inout OutputBuffer) {
    output.append(type)
    var digits = String(number)
    digits.withUTF8 { output.append(UnsafeRawBufferPointer($0)) }
    output.append("\r\n")
  }
}
