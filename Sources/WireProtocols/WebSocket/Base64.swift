/// Base64 (RFC 4648 section 4).
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// Returns the text for these bytes, padded with `=` to a multiple of four.
  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = Array(bytes[start..<min(start + 3, bytes.count)])
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...group.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
      for _ in group.count..<3 { text.append(padding) }
    }
    return text
  }

  /// Returns the number of bytes that a text encodes; `nil` if it is not Base64, or if it has
  /// unused bits that are not zero.
  public static func decodedCount(_ text: Span<UInt8>) -> Int? {
    guard text.count % 4 == 0, !text.isEmpty else { return nil }
    var end = text.count
    while end > text.count - 2, text[end - 1] == padding { end -= 1 }
    for index in 0..<end where !alphabet.contains(text[index]) { return nil }
    let padded = text.count - end
    if padded > 0, let last = alphabet.firstIndex(of: text[end - 1]) {
      let idleBits = padded == 1 ? 0b11 : 0b1111
      guard last & idleBits == 0 else { return nil }
    }
    return text.count / 4 * 3 - padded
  }
}
