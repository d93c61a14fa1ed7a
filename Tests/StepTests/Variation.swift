import Foundation
import Testing

@testable import course

/// A mistake that readers make: files that replace some of a step's, and the words with which
/// the check reports it.
struct Variation: CustomTestStringConvertible, Sendable {
  let step: Step
  let url: URL
  let expectation: String
  private let replaced: [String: URL]

  var testDescription: String { "\(step.number) \(url.lastPathComponent)" }
  var program: Candidate {
    get throws { Candidate(testDescription, try step.program.files.merging(replaced) { $1 }) }
  }

  static let wrong = all("Wrong", "// expect: ")
  static let broken = all("Broken", "// diagnostic: ")

  private static func all(_ kind: String, _ prefix: String) -> [Variation] {
    Step.all.flatMap { step in
      let folder = step.folder.appending(path: kind)
      let names = (try? Files.names(in: folder)) ?? []
      return names.map { Variation(step, folder.appending(path: $0), prefix) }
    }
  }

  /// A file replaces `Server.swift`, or the file that its second line names; a folder replaces
  /// several files.
  private init(_ step: Step, _ url: URL, _ prefix: String) {
    (self.step, self.url) = (step, url)
    let isFile = url.pathExtension == "swift"
    let paths = isFile ? [] : (try? Files.tree(url)) ?? []
    let files = isFile ? [url] : paths.map { url.appending(path: $0) }
    let lines = files.map { ((try? Files.text(of: $0)) ?? "").split(separator: "\n") }
    expectation =
      lines.compactMap { $0.first }.first { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) } ?? ""
    if isFile {
      let second = lines[0].dropFirst().first ?? ""
      let name =
        second.hasPrefix("// file: ") ? second.dropFirst("// file: ".count) : "Server.swift"
      replaced = [String(name): url]
    } else {
      replaced = Dictionary(uniqueKeysWithValues: zip(paths, files))
    }
  }
}
