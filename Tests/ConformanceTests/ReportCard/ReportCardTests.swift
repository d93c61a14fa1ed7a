import Testing

/// The README's report card is tried, number by number.
@Suite struct ReportCardTests {
  @Test(arguments: FailureMode.allCases, Chapter.allCases)
  func `it takes as many clients to stop a server as the report card says`(
    mode: FailureMode, chapter: Chapter
  ) throws {
    let crowds = try ReportCard.read().crowds.filter { $0.mode == mode }
    try #require(crowds.count == 1)
    let claim = try #require(crowds[0].stoppedBy[chapter.name])
    if let enough = claim {
      #expect(try mode.isAnswered(beside: enough - 1, by: chapter))
      #expect(try !mode.isAnswered(beside: enough, by: chapter, burn: 500))
    } else {
      #expect(try mode.isAnswered(beside: crowds[0].tried, by: chapter))
    }
  }

  /// The rows without numbers are what other suites try with every server.
  @Test func `every test that the report card names exists and runs on all servers`() throws {
    let card = try ReportCard.read()
    #expect(Set(card.servers) == Set(Chapter.allCases.map(\.name)))
    for row in card.survived {
      let lines = try ReportCard.source(of: row.suite).split(separator: "\n")
      let name = try #require(lines.firstIndex { $0.contains("func `\(row.test)`(") }, "\(row)")
      let attribute = try #require(lines[..<name].lastIndex { $0.contains("@Test") })
      #expect(lines[attribute..<name].contains { $0.contains("Chapter.allCases") }, "\(row)")
    }
  }
}
