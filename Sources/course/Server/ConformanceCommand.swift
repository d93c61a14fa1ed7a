import Foundation

/// `course check --server COMMAND --as 03`: the servers' own tests, run against any program that
/// speaks the contract.
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
  private let style = Style.standardOutput

  init(command: String, chapter: String) throws {
    guard ["01", "02", "03", "04", "05"].contains(chapter) else {
      throw UsageError("--as \(chapter): it replaces 01, 02, 03, 04 or 05")
    }
    (self.command, self.chapter) = (command, chapter)
  }

  func perform(_ desk: Desk) throws -> ExitCode {
    // One sentence for what is missing says more than a hundred tests that miss it.
    let levels = try desk.workshop.levels().filter { chapter != "01" || $0.name != "chat" }
    guard try LadderCommand(desk, command: command).climb(levels, isSilent: true) else {
      return .notPassed
    }
    print(
      style.good("✓ ") + "All levels. Building the tests; the first time, that takes minutes.\n")
    fflush(nil)
    let result = try Run(
      ["swift", "build", "--package-path", desk.workshop.root.path, "--build-tests"], silence: 1200)
    if !result.isSuccess { throw CourseError("swift build failed:\n\(result.output)") }
    let tests = desk.workshop.servers.appending(path: "five-ways-to-waitPackageTests.xctest")
    func run(_ filter: String) throws -> TestOutcome {
      try outcome(of: filter, tests, in: desk.workshop.build)
    }
    var (count, failures) = (0, 0)
    for suite in Self.suites {
      let outcome = try run("ConformanceTests.\(suite)/")
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
  ///   - filter: which tests, as for `swift test --filter`.
  ///   - tests: the executable that contains them.
  func outcome(of filter: String, _ tests: URL, in build: URL) throws -> TestOutcome {
    let folder = try TemporaryFolder(in: build)
    let record = folder.url.appending(path: "record")
    _ = try Run(
      [
        tests.path, "--testing-library", "swift-testing", "--filter", filter,
        "--event-stream-version", "0", "--event-stream-output-path", record.path,
      ], with: ["OWN_SERVER": command, "OWN_SERVER_AS": chapter], silence: 120)
    return try TestOutcome(of: record)
  }
}
