/// The header fields that the command line asks for: `-H`, `-C` and `-A`.
struct GivenFields: Sendable {
  /// `-H`: whole header lines without their line ends, and without cookies.
  private(set) var lines: [String] = []
  /// `-C`, and `-H 'Cookie: …'`: a request has one Cookie line at most (RFC 6265 section 5.4).
  var cookies: [String] = []
  /// `-A`
  var authorization: String?

  mutating func add(_ line: String) {
    if Self.name(of: line) == "cookie" {
      cookies.append(String(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " || $0 == "\t" }))
    } else {
      lines.append(line)
    }
  }

  func contains(_ name: String) -> Bool {
    lines.contains { Self.name(of: $0) == name.lowercased() }
  }

  /// The values of the lines with this name.
  func values(of name: String) -> [String] {
    lines.filter { Self.name(of: $0) == name.lowercased() }.map { line in
      String(line.drop { $0 != ":" }.dropFirst()).trimmed
    }
  }

  /// All header lines of a request: bench's own, except those that a given line replaces, then the
  /// given ones.
  func merged(with own: [String]) -> [String] {
    var all = own
    if let authorization { all.append("Authorization: \(authorization)") }
    let kept = all.filter { !contains(Self.name(of: $0)) }
    return kept + lines + (cookies.isEmpty ? [] : ["Cookie: " + cookies.joined(separator: "; ")])
  }

  /// In lower case: names are compared without case (RFC 9110 section 5.1).
  private static func name(of line: String) -> String {
    line.prefix { $0 != ":" }.lowercased()
  }
}

extension String {
  /// Without the white space at its ends (RFC 9110 section 5.6.3).
  var trimmed: String {
    var text = self[...]
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return String(text.drop { $0 == " " || $0 == "\t" })
  }
}
