import Common
import WireProtocols

/// The field lines of a head, by name in lower case; the values of lines with the same name are
/// joined into one list (RFC 9110 section 5.3).
struct HeadFields {
  private var values: [String: String] = [:]

  init(_ bytes: Span<UInt8>) {
    var lines = LineCursor()
    while let line = lines.next(in: bytes), !line.isEmpty {
      guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }) else { continue }
      let name = String(decoding: (line.lowerBound..<colon).map { bytes[$0] }, as: UTF8.self)
      let range = bytes.trimming(colon + 1..<line.upperBound)
      let value = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
      values[name.lowercased()] = values[name.lowercased()].map { "\($0), \(value)" } ?? value
    }
  }

  func value(of name: String) -> String? { values[name] }
}
