import Glibc

/// The reader's source files, for the few properties that no client can see. Empty if the server is
/// written in another language.
public enum Source {
  /// The names of the Swift files.
  public static var files: [String] {
    folder.map { names(in: $0).filter { $0.hasSuffix(".swift") }.sorted() } ?? []
  }

  /// Returns a file's code without comments, or `nil` if there is no such file.
  public static func code(_ file: String) -> String? {
    guard let folder, let text = readText("\(folder)/\(file)") else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
      line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
    }.joined(separator: "\n")
  }

  private static var folder: String? { getenv("SOURCES").map { String(cString: $0) } }
}
