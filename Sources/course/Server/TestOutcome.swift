import Foundation

/// What tests have recorded: Swift Testing's event stream, a JSON object on each line.
struct TestOutcome {
  struct Test {
    let suite: String
    let name: String
    /// What went wrong, with the case in which it did.
    var issues: [String] = []
  }

  private struct Record: Decodable {
    struct Payload: Decodable {
      let kind: String
      let id: String?
      let displayName: String?
      let testID: String?
      let messages: [Message]?
      let _testCase: TestCase?
    }
    struct Message: Decodable { let text: String }
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
    var issues: [String: [String]] = [:]
    for record in records where record.kind == "issueRecorded" {
      let text = record.messages?.map(\.text).joined(separator: " ") ?? ""
      issues[record.testID ?? "", default: []].append(
        Self.place(record) + text.replacing("Caught error: ", with: ""))
    }
    // Only tests that were really run: some are for other chapters.
    let began = Set(records.filter { $0.kind == "testStarted" }.compactMap(\.testID))
    let ended = Set(records.filter { $0.kind == "testEnded" }.compactMap(\.testID))
    for record in records where record.kind == "function" {
      guard let id = record.id, began.contains(id) else { continue }
      let end = ended.contains(id) ? [] : ["It did not come to an end."]
      tests.append(
        Test(
          suite: Self.suite(id), name: record.displayName ?? id,
          issues: issues[id, default: []] + end
        ))
    }
  }

  /// For which arguments it went wrong. The first one is always the server.
  private static func place(_ record: Record.Payload) -> String {
    let arguments = record._testCase?.displayName.split(separator: ", ", maxSplits: 1) ?? []
    return arguments.count == 2 ? "\(arguments[1]): " : ""
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
      lines += wrapped(issue).prefix(4).map { "    " + $0 }
      let others = test.issues.count - 1
      if others > 0 { lines.append(style.faint("    and \(others) more like this")) }
    }
    return lines.joined(separator: "\n")
  }
}
