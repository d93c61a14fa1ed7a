import Foundation
import Testing

/// DESIGN.md's layout, held by what the sources say: how large each folder may be, and which way imports and types point.
@Suite struct LayoutTests {
  /// A folder, how many lines of Swift it may have (blank ones and comments included), and whether it still has more.
  struct Budget: CustomTestStringConvertible {
    let folder: String
    let lines: Int
    var isExceeded = false
    /// A folder inside it that has a separate budget.
    var apart: String?

    var testDescription: String { folder }
  }

  static let budgets = [
    Budget(folder: "01-Sequential", lines: 80),
    Budget(folder: "02-ThreadPool", lines: 280),
    Budget(folder: "03-Epoll", lines: 350),
    Budget(folder: "04-Actor", lines: 400, isExceeded: true),
    Budget(folder: "05-WebSocket", lines: 800, apart: "Backplane/"),
    Budget(folder: "05-WebSocket/Backplane", lines: 350, isExceeded: true),
    Budget(folder: "Common", lines: 1800, isExceeded: true),
    Budget(folder: "WireProtocols", lines: 1300, isExceeded: true),
  ]

  @Test(arguments: budgets)
  func `a folder has no more lines than its budget allows`(budget: Budget) throws {
    let files = try SourceFile.all(in: budget.folder).filter { file in
      budget.apart.map { !file.path.hasPrefix($0) } ?? true
    }
    let lines = files.map(\.lineCount).reduce(0, +)
    withKnownIssue("not within its budget yet", isIntermittent: true) {
      #expect(lines <= budget.lines)
    } when: {
      budget.isExceeded
    }
  }

  /// What each target may import: the compiler enforces what `Package.swift` says, and this is what it should say.
  static let imports: [(target: String, allowed: Set<String>)] = [
    ("WireProtocols", []),
    ("Tracing", ["CLinux", "Glibc", "Synchronization"]),
    ("CommandLineOptions", ["Glibc"]),
    (
      "Common",
      ["CLinux", "CommandLineOptions", "Glibc", "Synchronization", "Tracing", "WireProtocols"]
    ),
    ("01-Sequential", ["Common"]),
    ("02-ThreadPool", ["CommandLineOptions", "Common", "Dispatch"]),
    ("03-Epoll", ["CommandLineOptions", "Common"]),
    ("epoll-echo", ["Common"]),
    ("04-Actor", ["CommandLineOptions", "Common", "Glibc"]),
    ("05-WebSocket", ["CommandLineOptions", "Common", "Glibc", "WireProtocols"]),
  ]

  @Test(arguments: imports)
  func `imports point in one direction: protocols, the common module, the chapters`(
    target: String, allowed: Set<String>
  ) throws {
    for file in try SourceFile.all(in: target) {
      #expect(file.imports.isSubset(of: allowed), "\(file.path)")
    }
  }

  /// A folder that uses a type of another folder depends on it.
  @Test(arguments: ["WireProtocols", "Common"])
  func `the folders of a target form no cycle`(target: String) throws {
    let folders = Dictionary(grouping: try SourceFile.all(in: target), by: \.folder)
    let types = folders.mapValues { Set($0.flatMap(\.declaredTypes)) }
    for (one, other) in folders.keys.flatMap({ one in folders.keys.map { (one, $0) } })
    where one < other {
      let forth = uses(folders[one] ?? [], types[other] ?? [])
      let back = uses(folders[other] ?? [], types[one] ?? [])
      #expect(forth.isEmpty || back.isEmpty, "\(one) uses \(forth), \(other) uses \(back)")
    }
  }

  /// The types of `types` that a folder's files name, each with the file.
  private func uses(_ files: [SourceFile], _ types: Set<String>) -> [String] {
    files.flatMap { file in
      file.words.intersection(types).subtracting(file.declaredTypes).map { "\($0) (\(file.path))" }
    }
  }
}

/// A file of `Sources/`, without its comments and texts.
struct SourceFile {
  /// From the target's folder.
  let path: String
  let lineCount: Int
  private let code: String

  static func all(in target: String) throws -> [SourceFile] {
    let root = Page.root.appending(path: "Sources/\(target)")
    let paths = FileManager.default.subpaths(atPath: root.path) ?? []
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      return SourceFile(path: path, text: text)
    }
  }

  init(path: String, text: String) {
    self.path = path
    lineCount = text.count { $0.isNewline }
    code = text.replacing(/(?s)""".*?"""/, with: "").replacing(/"[^"\n]*"/, with: "")
      .replacing(/\/\/[^\n]*/, with: "")
  }

  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  var imports: Set<String> {
    Set(code.matches(of: /(?m)^(?:@\w+ )*import (\w+)/).map { String($0.output.1) })
  }

  /// Types at the top level of the file.
  var declaredTypes: [String] {
    let declaration =
      /(?m)^(?:@\w+ |public |package |final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
    return code.matches(of: declaration).map { String($0.output.1) }
  }

  var words: Set<String> { Set(code.matches(of: /\b[A-Z]\w+/).map { String($0.output) }) }
}
