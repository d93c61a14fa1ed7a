import Foundation
import Testing

/// A mistake that readers make: files that replace some of a step's, and the words that the mistake
/// gets.
struct Variation: CustomTestStringConvertible, Sendable {
  let step: Step
  let url: URL
  let expectation: String
  private let replaced: [String: URL]

  var testDescription: String { "\(step.name) \(url.lastPathComponent)" }
  var program: [String: URL] { step.program.merging(replaced) { $1 } }

  static let wrong = all("Wrong", "// expect: ")
  static let broken = all("Broken", "// diagnostic: ")

  private static func all(_ kind: String, _ prefix: String) -> [Variation] {
    Step.all.flatMap { step in
      let folder = step.url.appending(path: kind)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().map { Variation(step, folder.appending(path: $0), prefix) }
    }
  }

  /// A file replaces `Server.swift`, or the one that its second line names; a folder replaces
  /// several.
  private init(_ step: Step, _ url: URL, _ prefix: String) {
    (self.step, self.url) = (step, url)
    let isFile = url.pathExtension == "swift"
    let files = isFile ? [url] : Step.files(below: url).map { url.appending(path: $0) }
    let lines = files.map { file in
      ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    expectation =
      lines.compactMap { $0.first }.first { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) } ?? ""
    if isFile {
      let second = lines[0].dropFirst().first ?? ""
      let name =
        second.hasPrefix("// file: ") ? second.dropFirst("// file: ".count) : "Server.swift"
      replaced = [String(name): url]
    } else {
      let paths = Step.files(below: url).map { ($0, url.appending(path: $0)) }
      replaced = Dictionary(uniqueKeysWithValues: paths)
    }
  }
}
