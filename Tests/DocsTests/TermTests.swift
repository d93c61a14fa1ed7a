import Testing

/// A Swift keyword in a listing is explained on the same page, or on an earlier one.
@Suite struct TermTests {
  static let pages = Page.all.filter { $0.path.wholeMatch(of: /docs\/0\d-.+\.md/) != nil }

  static let terms = [
    "~Copyable", "consuming", "borrowing", "inout", "throws(", "Sendable", "@unchecked",
    "async", "await", "isolated Shard", "nonisolated", "@escaping", "@concurrent",
    "nonisolated(unsafe)",
    "withUnsafePointer", "withMemoryRebound", "UnsafeRawBufferPointer", "defer",
    "@inline(__always)",
    "Unmanaged", "@convention(c)", "actor ",
  ]

  @Test(arguments: terms)
  func `a keyword in a listing is explained there or on an earlier page`(
    term: String
  ) throws {
    var explained = false
    for page in Self.pages {
      let text = try page.text()
      let listings = text.matches(of: /(?ms)^(?:> )?```(?:swift|diff)\n(.*?)^(?:> )?```$/)
      let first = listings.first { $0.output.1.contains(term) }
      let prose = text.replacing(/(?ms)^(?:> )?```.*?^(?:> )?```$/, with: "")
      let name = term.trimmingSuffix(" (")
      explained = explained || prose.contains("`\(name)") || prose.contains("`@\(name)")
      if first != nil && !explained {
        Issue.record(
          "\(page.path) uses \(term) in a listing; neither its prose nor an earlier page explains it"
        )
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
