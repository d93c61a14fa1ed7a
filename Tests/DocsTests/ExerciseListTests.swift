import Testing

/// The lists of exercises, which `docs/refresh.py` writes and this suite compares.
@Suite struct ExerciseListTests {
  static let exercises = Page.all.filter { $0.path.hasSuffix("/exercise.md") }

  @Test(arguments: exercises)
  func `an exercise is listed in its chapter and in the workshop`(exercise: Page) throws {
    let text = try exercise.text()
    let title = try #require(text.firstMatch(of: /^# (.+)/)?.output.1)
    let minutes = try #require(text.firstMatch(of: /\n- minutes: (\d+)\n/)?.output.1)
    let line = "\n- [\(title)](../\(exercise.path)), \(minutes) min\n"
    let chapter = try #require(Page.all.first { $0.path.hasPrefix("docs/0\(title.prefix(1))-") })
    for page in [chapter, Page(path: "docs/workshop.md")] {
      #expect(try page.text().contains(line), "\(page.path): run docs/refresh.py")
    }
  }

  @Test(arguments: exercises)
  func `the guide for teachers plans as many minutes as the exercise says`(exercise: Page) throws {
    let text = try exercise.text()
    let number = try #require(text.firstMatch(of: /^# ([\d.]+)/)?.output.1)
    let minutes = try #require(text.firstMatch(of: /\n- minutes: (\d+)\n/)?.output.1)
    let row = try Regex("\n\\| \(number) [^|]*\\| \(minutes) \\|")
    #expect(try Page(path: "docs/workshop-guide.md").text().contains(row))
  }

  @Test(arguments: Page.all.filter { $0.path.hasPrefix("docs/") })
  func `a page lists no exercise that does not exist`(page: Page) throws {
    let there = Set(Self.exercises.map(\.path))
    for link in try page.text().matches(of: /\(\.\.\/(Workshop\/\d[^)]*)\)/) {
      #expect(there.contains(String(link.output.1)))
    }
  }
}
