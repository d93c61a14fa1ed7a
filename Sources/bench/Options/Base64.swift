/// Base64 with padding (RFC 4648 section 4), for basic authentication.
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    // Three bytes are four digits of six bits; missing bytes count as zero and become padding.
    let bits = (0..<3).reduce(0) { bits, offset in
      bits << 8 | (offset < group.count ? Int(group[start + offset]) : 0)
    }
    for digit in 0..<4 {
      text.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : "=")
    }
  }
  return text
}
