import Testing

/// A server under test, and where it honestly differs from the others. A new chapter is one line here.
enum Chapter: String, CaseIterable, CustomTestStringConvertible {
  case sequential = "01-Sequential"

  /// The executable and, at once, the name it gives itself.
  var name: String { rawValue }
  var testDescription: String { rawValue }

  /// How many connections it answers at a time, and the options that make it so; `nil`: all of them.
  var capacity: (connections: Int, options: [String])? {
    switch self {
    case .sequential: (1, [])
    }
  }

  /// Whether one request that burns CPU holds up the requests of everybody else.
  var burnBlocksEveryone: Bool {
    switch self {
    case .sequential: true
    }
  }

  /// Whether `/ws` knows `subscribe`, `unsubscribe` and `publish`.
  var hasTopics: Bool {
    switch self {
    case .sequential: false
    }
  }
}

extension Chapter {
  /// The servers that can be used by two clients at once.
  static let concurrent = allCases.filter { $0.capacity?.connections != 1 }
  static let limited = allCases.filter { $0.capacity != nil }
  static let unlimited = allCases.filter { $0.capacity == nil }

  /// Why a test that needs two clients does not run.
  static let onlySequential: Comment = "01-Sequential serves one connection at a time"
}
