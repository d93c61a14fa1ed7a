import Foundation

/// `docs/report-card.json`: how many clients stop which server, and what all servers survive. The
/// pages show it; ``ReportCardTests`` tries every number in it.
struct ReportCard: Decodable {
  /// Clients of one kind, and how many of them it takes until a server answers no other client.
  struct Crowd: Decodable {
    let mode: FailureMode
    /// How many clients the servers without such a number were tried with.
    let tried: Int
    let stoppedBy: [String: Int?]
  }

  /// Something that all servers survive, and the test that shows it.
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

  /// The source of a suite in this module.
  static func source(of suite: String) throws -> String {
    let folder = root.appending(path: "Tests/ConformanceTests")
    let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
    guard let path = paths.first(where: { $0.hasSuffix("/\(suite).swift") }) else {
      throw HarnessError("no suite \(suite)")
    }
    return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }
}
