import Testing

/// The code in a page is the code in the source. `docs/refresh.py` copies it; this suite compares
/// it.
@Suite struct SnippetTests {
  @Test(arguments: Page.all)
  func `every snippet is the same as its source`(page: Page) throws {
    let marks = /<!-- snippet: (\S+) (\S+) -->\n```swift\n((?:.*\n)*?)```\n<!-- end -->/
    let snippets = try page.text().matches(of: marks)
    #expect(try snippets.count == page.text().matches(of: /<!-- snippet:/).count)
    for (_, file, name, shown) in snippets.map(\.output) {
      let source = try source(of: String(name), in: Page.text(at: String(file)))
      #expect(String(shown) == source, "\(file) \(name): run docs/refresh.py")
    }
  }

  @Test(arguments: Page.all)
  func `every generated part has an end`(page: Page) throws {
    let begins = /<!-- (?:snippet|diff|table|output|figure|card|exercises|step|failure):/
    let text = try page.text()
    #expect(text.matches(of: begins).count == text.matches(of: /<!-- end -->/).count)
  }

  /// The lines between the marks in the source, moved to the left by the indentation of the marks;
  /// for `all`, everything after the imports.
  private func source(of name: String, in text: String) throws -> String {
    if name == "all" {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let last = try #require(lines.lastIndex { $0.hasPrefix("import ") })
      return lines.dropFirst(last + 2).joined(separator: "\n")
    }
    let marks = try Regex(
      "(?m)^( *)// snippet: \(name)\\n((?:.*\\n)*?) *// snippet: end$",
      as: (Substring, Substring, Substring).self)
    let (_, indent, lines) = try #require(text.firstMatch(of: marks)).output
    return lines.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(indent) ? $0.dropFirst(indent.count) : $0 }.joined(separator: "\n")
  }
}
