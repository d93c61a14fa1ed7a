import Testing

/// What every chapter promises to its reader.
@Suite struct ChapterPageTests {
  static let chapters = Page.all.filter { $0.path.wholeMatch(of: /docs\/0[1-6]-.+\.md/) != nil }

  @Test(arguments: chapters)
  func `nothing above the predictions gives an answer away`(page: Page) throws {
    let text = try page.text()
    let end = try #require(text.range(of: "\n## Predict\n"), "no section Predict").lowerBound
    for spoiler in ["\n|", "<!-- table", "<!-- card", "<!-- figure", "<!-- output", "!["] {
      #expect(!text[..<end].contains(spoiler), "\(spoiler) above Predict")
    }
  }

  @Test(arguments: Page.all)
  func `every prediction is answered further down`(page: Page) throws {
    let text = try page.text()
    let asked = text.matches(of: /data-predict="([^"]+)"/)
    let answered = text.matches(of: /data-answer="([^"]+)"/)
    #expect(asked.map(\.output.1).sorted() == answered.map(\.output.1).sorted())
    for question in asked {
      let answer = try #require(answered.first { $0.output.1 == question.output.1 })
      #expect(question.range.upperBound <= answer.range.lowerBound, "\(question.output.1)")
    }
  }

  /// A listing that answers an exercise is folded, and the link to the exercise comes before it.
  @Test(arguments: chapters)
  func `no page shows a solution before its exercise is offered`(page: Page) throws {
    let text = try page.text().replacing(/(?s)<details>.*?<\/details>/, with: "")
    for exercise in ExerciseListTests.exercises {
      let folder = exercise.path.split(separator: "/").dropLast().joined(separator: "/")
      let body = try? Page.text(at: folder + "/Solution.swift")
      let stub = (try? Page.text(at: folder + "/Stub.swift")) ?? ""
      for line in (body ?? "").split(separator: "\n") where isTelling(line) {
        guard !stub.contains(line), let shown = text.range(of: line) else { continue }
        let link = text.range(of: "\(exercise.path)")
        #expect(
          link.map { $0.lowerBound < shown.lowerBound } ?? false,
          "\(page.path) shows '\(line)' of \(folder) before it offers the exercise")
      }
    }
  }

  /// Whether a line of a solution gives part of the answer away; not every line does.
  private func isTelling(_ line: Substring) -> Bool {
    let code = line.trimmingPrefix(/\s+/)
    return code.count > 50 && !code.hasPrefix("//") && !code.hasPrefix("func ")
      && !code.hasPrefix("import ")
  }

  /// The chapters in which a server is built.
  static let building = chapters.filter { $0.path.wholeMatch(of: /docs\/0[1-5]-.+\.md/) != nil }

  /// Listings, tables, transcripts and comments are not counted.
  @Test(arguments: building)
  func `a chapter tells everything, in 4,000 to 9,000 words`(page: Page) throws {
    let prose = try page.text().replacing(/(?m)^> ?/, with: "")
      .replacing(/(?ms)^```.*?^```$/, with: "").replacing(/(?s)<!--.*?-->/, with: "")
      .replacing(/(?m)^\|.*$/, with: "").replacing(/`[^`\n]+`/, with: "code")
      .replacing(/<\/?[a-z][^>\n]*>/, with: "").replacing(/\]\([^)]*\)/, with: "]")
    let words = prose.matches(of: /[A-Za-z0-9][\w'’.-]*/).count
    #expect((4_000...9_000).contains(words), "\(words) words")
  }

  /// "Change this line and look": `docs/patches.py` tries what they promise.
  @Test(arguments: building)
  func `a chapter has at least three 'Change this line and look' boxes`(page: Page) throws {
    #expect(try page.text().matches(of: /<!-- patch:/).count >= 3)
  }

  @Test(arguments: chapters)
  func `a command block says which terminal`(page: Page) throws {
    for block in try page.text().matches(of: /(?m)^```sh\n(.*)\n/) {
      #expect(block.output.1.hasPrefix("# "), "\(block.output.1)")
    }
  }
}
