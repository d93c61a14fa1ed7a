import Foundation

/// `course check --server COMMAND --as 03`: the servers' own tests, run against any program that
/// speaks the contract; `--as 3i`: those that the program of this step passes.
struct ConformanceCommand {
  /// What every server must do. The suites that look inside ours are left out.
  private static let suites = [
    "RouteTests", "KeepAliveTests", "DelayTests", "DeliveryTests", "DisconnectTests",
    "MalformedRequestTests", "RefusalTests", "ExpectationTests", "DeadlineTests", "CapacityTests",
    "ShutdownTests", "HandshakeTests", "EchoTests", "HelloTests", "FrameRuleTests", "CloseTests",
    "UTF8Tests",
  ]

  let command: String
  let chapter: String
  /// The last step of a chapter, for its groups alone.
  private let step: Step?
  private let style = Style.standardOutput

  /// - Parameter role: a chapter, such as `03`, or the last step of one.
  init(command: String, as role: String, _ workshop: Workshop) throws {
    step = workshop.path.step(role)
    chapter = step.map { "0\($0.chapter)" } ?? role
    if let step, step.groups.isEmpty {
      let last = workshop.path.steps.last { $0.chapter == step.chapter && !$0.groups.isEmpty }
      throw UsageError(
        "--as \(role): no group of the tests is for this step"
          + (last.map { ", but some are for \($0.number)" } ?? ""))
    }
    guard ["01", "02", "03", "04", "05"].contains(chapter) else {
      throw UsageError("--as \(role): it replaces 01, 02, 03, 04 or 05, or the last step of one")
    }
    self.command = command
  }

  func perform(_ desk: Desk) throws -> ExitCode {
    // One sentence for what is missing says more than a hundred tests that miss it.
    let levels = try desk.workshop.levels().filter { chapter != "01" || $0.name != "chat" }
    guard try step != nil || LadderCommand(desk, command: command).climb(levels, isSilent: true)
    else { return .notPassed }
    print(
      (step == nil ? style.good("✓ ") + "All levels. " : "")
        + "Building the tests; the first time, that takes minutes.\n")
    fflush(nil)
    let result = try Run(
      ["swift", "build", "--package-path", desk.workshop.root.path, "--build-tests"], silence: 1200)
    if !result.isSuccess { throw CourseError("swift build failed:\n\(result.output)") }
    let tests = desk.workshop.servers.appending(path: "five-ways-to-waitPackageTests.xctest")
    var (count, failures) = (0, 0)
    for group in step?.groups ?? Self.suites {
      let outcome = try outcome(of: group, tests, in: desk.workshop.build)
      if outcome.tests.isEmpty { continue }  // It is about other chapters.
      print(outcome.text(style) + "\n")
      fflush(nil)
      count += outcome.tests.count
      failures += outcome.failures
    }
    print("\(count - failures) of \(count) properties hold.")
    return failures == 0 ? .passed : .notPassed
  }

  /// - Parameters:
  ///   - group: a suite, or its tests whose names begin like this: `KeepAliveTests/requests after`.
  ///   - tests: the executable that contains them.
  func outcome(of group: String, _ tests: URL, in build: URL) throws -> TestOutcome {
    let folder = try TemporaryFolder(in: build)
    let record = folder.url.appending(path: "record")
    _ = try Run(
      [
        tests.path, "--testing-library", "swift-testing", "--filter", Self.filter(group),
        "--event-stream-version", "0", "--event-stream-output-path", record.path,
      ], with: ["OWN_SERVER": command, "OWN_SERVER_AS": chapter], silence: 120)
    return try TestOutcome(of: record)
  }

  /// The pattern that fits the names of these tests.
  private static func filter(_ group: String) -> String {
    let parts = group.split(separator: "/", maxSplits: 1)
    let name = parts.count == 2 ? NSRegularExpression.escapedPattern(for: "`\(parts[1])") : ""
    return "ConformanceTests.\(parts[0])/\(name)"
  }
}
