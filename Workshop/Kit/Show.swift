/// Returns a value as failure messages show it: text and bytes are in quotes, with `\r\n` written
/// out.
public func show(_ value: Any) -> String {
  switch value {
  case let text as String: return quoted(Array(text.utf8))
  case let bytes as ArraySlice<UInt8>: return quoted(Array(bytes))
  case let bytes as [UInt8] where type(of: value) == [UInt8].self: return quoted(bytes)
  case let values as [Any]: return "[" + values.map(show).joined(separator: ", ") + "]"
  default: break
  }
  let mirror = Mirror(reflecting: value)
  guard mirror.displayStyle == .optional else { return "\(value)" }
  return mirror.children.first.map { show($0.value) } ?? "nil"
}

private func quoted(_ bytes: [UInt8]) -> String {
  let most = 120
  let text = bytes.prefix(most).map(character).joined()
  return "\"\(text)\"" + (bytes.count > most ? "… (\(bytes.count) bytes)" : "")
}

private func character(_ byte: UInt8) -> String {
  switch byte {
  case UInt8(ascii: "\r"): "\\r"
  case UInt8(ascii: "\n"): "\\n"
  case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\\(Character(Unicode.Scalar(byte)))"
  case 32..<127: String(Unicode.Scalar(byte))
  default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
