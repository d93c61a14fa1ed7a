import Foundation

/// `docs/report-card.json`: what stops which server, and what none of them minds. The pages show it; ``ReportCardTests`` tries
/// every number of it.
struct ReportCard: Decodable {
  /// Clients of one kind, and how many of them it takes until a server answers nobody else.
  struct Crowd: Decodable {
    let mode: FailureMode
    /// How many the servers without such a number were tried with.
    let tried: Int
    let stoppedBy: [String: Int?]
  }

  /// What all servers survive, and the test that shows it.
  struct Survived: Decodable {
    let suite: String
    let test: String
  }

  let servers: [String]
  let crowds: [Crowd]
  let survived: [Survived]

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func read() throws -> ReportCard {
    let text = try Data(contentsOf: root.appending(path: "docs/report-card.json"))
    return try JSONDecoder().decode(ReportCard.self, from: text)
  }

  /// The source of a suite of this module.
  static func source(of suite: String) throws -> String {
    let folder = root.appending(path: "Tests/ConformanceTests")
    let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
    guard let path = paths.first(where: { $0.hasSuffix("/\(suite).swift") }) else {
      throw HarnessError("no suite \(suite)")
    }
    return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}
