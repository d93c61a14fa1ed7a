import Testing

/// No keyword of Swift appears in a listing before a page has named it in its prose.
@Suite struct TermTests {
  static let pages = Page.all.filter { $0.path.wholeMatch(of: /docs\/0\d-.+\.md/) != nil }

  static let terms = [
    "~Copyable", "consuming", "borrowing", "inout", "throws(", "Sendable", "@unchecked", "sending",
    "async", "await", "isolated", "nonisolated", "@escaping", "@concurrent", "nonisolated(unsafe)",
    "withUnsafePointer", "withMemoryRebound", "UnsafeRawBufferPointer", "defer",
    "@inline(__always)",
    "Unmanaged", "@convention(c)", "some ", "any ", "weak ", "actor ",
  ]

  @Test(arguments: terms)
  func `a keyword is explained before a listing uses it`(term: String) throws {
    var explained = false
    for page in Self.pages {
      let text = try page.text()
      let listings = text.matches(of: /(?ms)^(?:> )?```(?:swift|diff)\n(.*?)^(?:> )?```$/)
      let first = listings.first { $0.output.1.contains(term) }
      let prose = first.map { text[..<$0.range.lowerBound] } ?? text[...]
      let name = term.trimmingSuffix(" (")
      explained = explained || prose.contains("`\(name)") || prose.contains("`@\(name)")
      if first != nil && !explained {
        Issue.record("\(page.path) uses \(term) in a listing, and no prose before it explains it")
        return
      }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ characters: String) -> String {
    var text = self
    while let last = text.last, characters.contains(last) { text.removeLast() }
    return text
  }
}
