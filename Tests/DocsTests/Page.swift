import Foundation
import Testing

/// A page of the book, as it is in the repository.
struct Page: CustomTestStringConvertible, Sendable {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The front page, and all pages in `docs/` and in the workshop.
  static let all = [Page(path: "README.md")] + pages(in: "docs") + pages(in: "Workshop")

  private static func pages(in folder: String) -> [Page] {
    let paths = FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []
    return paths.filter { $0.hasSuffix(".md") }.sorted().map { Page(path: "\(folder)/\($0)") }
  }

  /// The path from the root of the repository.
  let path: String

  var testDescription: String { path }

  static func text(at path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  func text() throws -> String { try Self.text(at: path) }

  /// The text without code, where brackets are not links and `#` is not a heading.
  func prose() throws -> String {
    try text().replacing(/(?ms)^```.*?^```$/, with: "").replacing(/`[^`\n]*`/) { code in
      String(code.output.dropFirst().dropLast()).filter { !"[]()".contains($0) }
    }
  }

  /// What a link may name after `#`: the headings as GitHub writes them, in lower case, with
  /// hyphens.
  func anchors() throws -> Set<String> {
    let headings = try prose().matches(of: /(?m)^#+ (.+)$/).map { String($0.output.1) }
    return Set(
      headings.map { heading in
        heading.lowercased().replacing(" ", with: "-").filter {
          $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
        }
      })
  }
}
