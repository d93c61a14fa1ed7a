import Glibc

/// A date as HTTP writes it, IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
public struct HTTPDate: Sendable {
  public static let length = 29
  typealias Bytes = InlineArray<29, UInt8>
  private(set) var bytes = Bytes(repeating: 0)

  public init(secondsSince1970: Int) {
    var seconds = time_t(secondsSince1970)
    var calendar = tm()
    gmtime_r(&seconds, &calendar)
    var text = [CChar](repeating: 0, count: Self.length + 1)
    // The process never calls setlocale, so the names are the English ones of the C locale.
    strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &calendar)
    for index in 0..<Self.length { bytes[index] = UInt8(bitPattern: text[index]) }
  }
}
