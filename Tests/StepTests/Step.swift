import Foundation
import Testing

/// A step of the path, as its folder describes it.
struct Step: CustomTestStringConvertible, Sendable {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let folder = root.appending(path: "Steps")
  static let all: [Step] = folders(in: folder).map(Step.init)

  let url: URL
  let head: String
  private let keys: [(name: String, value: String)]

  /// Such as `1c`.
  var name: String { String(url.lastPathComponent.prefix { $0 != "-" }) }
  var testDescription: String { url.lastPathComponent }
  var check: URL { url.appending(path: "Check.swift") }

  init(_ url: URL) {
    self.url = url
    head = (try? String(contentsOf: url.appending(path: "step.md"), encoding: .utf8)) ?? ""
    keys = head.split(separator: "\n").prefix { !$0.hasPrefix("## ") }.compactMap { line in
      guard let match = line.wholeMatch(of: /- ([a-z ]+): (.+)/) else { return nil }
      return (String(match.1), String(match.2))
    }
  }

  static func named(_ name: String) -> Step? { all.first { $0.name == name } }

  func values(_ key: String) -> [String] { keys.filter { $0.name == key }.map(\.value) }

  /// The step that this one builds on; `nil` for the first.
  var before: Step? {
    if let name = values("from").first { return Self.named(name) }
    return Self.all.prefix { $0.url != url }.last
  }

  /// Parts of this check that the step before fails.
  var mends: [String] { values("mends") }

  /// Parts that fail on purpose after this step, each with the name of the step that mends it.
  var stillFails: [(part: String, mendedBy: String)] {
    values("still fails").compactMap { text in
      let words = text.split(separator: " → ")
      return words.count == 2 ? (String(words[0]), String(words[1])) : nil
    }
  }

  /// The whole program after this step: paths inside the program's folder, each with its file.
  var program: [String: URL] {
    var files = before?.program ?? [:]
    for name in values("removes") { files[name] = nil }
    return files.merging(ownFiles) { $1 }
  }

  /// What this step adds or changes.
  var ownFiles: [String: URL] {
    var files: [String: URL] = [:]
    for path in Self.files(below: url) {
      let isOther = ["Wrong/", "Broken/", "Variant/", "step.md", "Check.swift"]
        .contains { path.hasPrefix($0) }
      if !isOther { files[path] = url.appending(path: path) }
    }
    return files
  }

  /// Flags of the second build, and the files that it gets in addition; `nil` if there is none.
  var variant: (flags: [String], files: [String: URL])? {
    let folder = url.appending(path: "Variant")
    let paths = Self.files(below: folder)
    let flags = values("flags").flatMap { $0.split(separator: " ").map(String.init) }
    if paths.isEmpty && flags.isEmpty { return nil }
    let files = paths.map { ("Variant/" + $0, folder.appending(path: $0)) }
    return (flags, Dictionary(uniqueKeysWithValues: files))
  }

  static func folders(in url: URL) -> [URL] {
    let urls = try? FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: [.isDirectoryKey])
    return (urls ?? []).filter(\.hasDirectoryPath)
      .filter { $0.lastPathComponent.first?.isNumber ?? false }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  static func files(below url: URL) -> [String] {
    let paths = try? FileManager.default.subpathsOfDirectory(atPath: url.path)
    return (paths ?? []).sorted().filter { !url.appending(path: $0).hasDirectoryPath }
      .filter { $0.hasSuffix(".swift") || $0.contains("CLinux/") }
  }
}
