import Foundation

/// What tests have recorded: Swift Testing's event stream, a JSON object on each line.
struct TestOutcome {
  struct Test {
    let suite: String
    let name: String
    var issues: [Issue] = []
  }

  /// What went wrong.
  struct Issue {
    /// With the arguments for which it did. The first one is always the server, and left out.
    let problem: String
    var expected: String?
    var happened: String?
    /// What was sent, and what came back: a line for each event.
    var events: [Substring] = []
  }

  fileprivate struct Record: Decodable {
    struct Payload: Decodable {
      let kind: String
      let id: String?
      let displayName: String?
      let testID: String?
      let messages: [Message]?
      let _testCase: TestCase?
    }
    struct Message: Decodable {
      let symbol: String?
      let text: String
    }
    struct TestCase: Decodable { let displayName: String }
    let kind: String
    let payload: Payload
  }

  private(set) var tests: [Test] = []
  var failures: Int { tests.count { !$0.issues.isEmpty } }

  init(of file: URL) throws {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let records = try lines.map { try JSONDecoder().decode(Record.self, from: Data($0.utf8)) }
      .map(\.payload)
    var issues: [String: [Issue]] = [:]
    for record in records where record.kind == "issueRecorded" {
      issues[record.testID ?? "", default: []].append(Issue(record))
    }
    // Only tests that were really run: some are for other chapters.
    let began = Set(records.filter { $0.kind == "testStarted" }.compactMap(\.testID))
    let ended = Set(records.filter { $0.kind == "testEnded" }.compactMap(\.testID))
    for record in records where record.kind == "function" {
      guard let id = record.id, began.contains(id) else { continue }
      let end = ended.contains(id) ? [] : [Issue(problem: "It did not come to an end.")]
      tests.append(
        Test(
          suite: Self.suite(id), name: record.displayName ?? id,
          issues: issues[id, default: []] + end
        ))
    }
  }

  /// `ConformanceTests.RouteTests/…` becomes `Route`.
  private static func suite(_ id: String) -> String {
    let name = id.split(separator: "/").first?.split(separator: ".").last ?? ""
    return String(name).replacing("Tests", with: "")
  }

  /// A suite as a table: what holds, and what does not, with the first case where it does not.
  func text(_ style: Style) -> String {
    var lines = [style.strong(tests.first?.suite ?? "")]
    for test in tests.sorted(by: { $0.name < $1.name }) {
      guard let issue = test.issues.first else {
        lines.append(style.good("✓ ") + test.name)
        continue
      }
      lines.append(style.bad("✗ ") + test.name)
      lines += issue.lines(style).map { "    " + $0 }
      let others = test.issues.count - 1
      if others > 0 { lines.append(style.faint("    and \(others) more like this")) }
    }
    return lines.joined(separator: "\n")
  }
}

extension TestOutcome.Issue {
  fileprivate init(_ record: TestOutcome.Record.Payload) {
    let messages = record.messages ?? []
    let comments = messages.dropFirst().map(\.text).filter { !$0.isEmpty }
    // The transcript is a comment, the last one.
    let events = comments.last?.split(separator: "\n") ?? []
    let hasEvents = events.last?.hasPrefix("client ") ?? false
    self.events = hasEvents ? events : []
    let arguments = record._testCase?.displayName.split(separator: ", ", maxSplits: 1) ?? []
    let place = arguments.count == 2 ? ["with \(arguments[1])"] : []
    let text = messages.first?.text ?? ""
    let words = hasEvents ? comments.dropLast() : comments[...]
    if let match = text.wholeMatch(of: /Expectation failed: \((.+?) → (.+)\) == (.+)/) {
      (expected, happened) = ("\(match.1) == \(match.3)", String(match.2))
      problem = (place + words).joined(separator: ": ")
    } else if let match = text.wholeMatch(of: /Expectation failed: (.+) → (.+)/) {
      (expected, happened) = (String(match.1), String(match.2))
      problem = (place + words).joined(separator: ": ")
    } else {
      let rest = text.replacing("Caught error: ", with: "").replacing(
        "Expectation failed: ", with: "not as expected: ")
      problem = (place + [rest] + words).joined(separator: ": ")
    }
  }

  fileprivate func lines(_ style: Style) -> [String] {
    (problem.isEmpty ? [] : wrapped(problem).prefix(4))
      + [("expected", expected), ("happened", happened)].compactMap { label, text in
        text.map { style.faint(label) + "  " + visible($0) }
      } + events.map { style.faint(visible(String($0))) }
  }
}
