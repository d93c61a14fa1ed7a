import Testing

/// A server under test, and the ways in which it differs from the others by design. A new chapter
/// is one line here.
struct Chapter: Hashable, CustomTestStringConvertible {
  static let allCases = OwnServer.standsIn(for: [
    Chapter("01-Sequential", servesAtOnce: 1, burnBlocksEveryone: true),
    Chapter("02-ThreadPool", servesAtOnce: 3, with: ["--workers", "3"]),
    Chapter("03-Epoll", burnBlocksEveryone: true),
    Chapter("04-Actor"),
    Chapter("05-WebSocket", always: ["--registry", "sharded"], hasTopics: true),
    Chapter("05-WebSocket", always: ["--registry", "actor"], hasTopics: true),
    Chapter("05-WebSocket", always: ["--registry", "mutex"], hasTopics: true),
  ])

  /// The executable, which is also the name that it prints.
  let name: String
  /// Options that it is always started with.
  var always: [String]
  /// How many connections it serves at a time when started with `options`; `nil` means all of them.
  let servesAtOnce: Int?
  /// Options that make that number small enough for a test.
  let options: [String]
  /// Whether one request that burns CPU holds up the requests of all other clients.
  let burnBlocksEveryone: Bool
  /// The command of another program, which is started instead; see ``OwnServer``.
  var ownCommand: String?
  /// Whether `/ws` knows `subscribe`, `unsubscribe` and `publish`.
  let hasTopics: Bool

  init(
    _ name: String, always: [String] = [], servesAtOnce: Int? = nil, with options: [String] = [],
    burnBlocksEveryone: Bool = false, hasTopics: Bool = false
  ) {
    self.name = name
    self.always = always
    self.servesAtOnce = servesAtOnce
    self.options = options
    self.burnBlocksEveryone = burnBlocksEveryone
    self.hasTopics = hasTopics
  }

  var testDescription: String { ([name] + always).joined(separator: " ") }
}

extension Chapter {
  /// The servers that two clients can use at the same time.
  static let concurrent = allCases.filter { $0.servesAtOnce != 1 }
  static let limited = allCases.filter { $0.servesAtOnce != nil }
  static let unlimited = allCases.filter { $0.servesAtOnce == nil }

  /// The reason why a test that needs two clients at the same time does not run.
  static let onlySequential: Comment = "01-Sequential serves one connection at a time"
}
