import Synchronization
import Testing

/// Everything that the clients of a test and the server under test sent each other, in order. A
/// failure shows its end.
final class Transcript: Sendable {
  /// The one of the test that runs; `nil` for the book's servers, whose failures are read next to the test's source.
  @TaskLocal static var current: Transcript?

  private static let shownEvents = 12
  private static let shownBytes = 60
  private let events = Mutex<(clients: Int, lines: [String])>((0, []))

  /// The number of a new client, for its lines.
  func nextClient() -> Int {
    events.withLock { events in
      events.clients += 1
      return events.clients
    }
  }

  func add(_ client: Int, _ verb: String, _ bytes: some Collection<UInt8>) {
    let start = String(decoding: bytes.prefix(Self.shownBytes), as: UTF8.self)
    let rest = bytes.count - Self.shownBytes
    add(client, "\(verb) \(start.debugDescription)" + (rest > 0 ? " and \(rest) bytes more" : ""))
  }

  func add(_ client: Int, _ event: String) {
    events.withLock { $0.lines.append("client \(client) \(event)") }
  }

  /// The last events, each on its own line.
  var end: String {
    events.withLock { events in
      let hidden = events.lines.count - Self.shownEvents
      return ((hidden > 0 ? ["…"] : []) + events.lines.suffix(Self.shownEvents))
        .joined(separator: "\n")
    }
  }
}

/// Adds the transcript to each failure of a reader's own server.
struct TranscribedTrait: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard OwnServer.isGiven, testCase != nil else { return try await function() }
    let comments = IssueHandlingTrait.compactMapIssues { issue in
      var issue = issue
      issue.comments += [Transcript.current.map { Comment(rawValue: $0.end) }].compactMap { $0 }
      return issue
    }
    try await Transcript.$current.withValue(Transcript()) {
      try await comments.provideScope(for: test, testCase: testCase, performing: function)
    }
  }
}

extension Trait where Self == TranscribedTrait {
  static var transcribed: Self { Self() }
}
