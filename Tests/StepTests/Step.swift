import Foundation
import Testing

@testable import course

extension Step: CustomTestStringConvertible {
  static let workshop = try! Workshop(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())
  /// Those that the variable `STEPS` names, such as `STEPS="1j 2g"`; without it, all.
  static let all = workshop.path.steps.filter { step in
    let names = ProcessInfo.processInfo.environment["STEPS"]?.split(separator: " ")
    return names?.contains { $0 == step.number } ?? true
  }

  public var testDescription: String { folder.lastPathComponent }

  /// The step that this one builds on; `nil` for the first.
  var before: Step? { get throws { try Self.workshop.path.base(of: self) } }

  /// The whole program after this step.
  var program: Candidate {
    get throws { Candidate(number, try Self.workshop.path.program(after: self)) }
  }
}

/// A program that a check is tried with: a step's, or one with a mistake.
struct Candidate: Sendable {
  /// Such as `1j`, or `1j NoReason`.
  let name: String
  /// Paths inside the program's folder, each with its file.
  let files: [String: URL]

  init(_ name: String, _ files: [String: URL]) { (self.name, self.files) = (name, files) }

  /// Its files in a separate folder, as a reader has them.
  func folder() throws -> URL {
    try Self.folders.value(name) {
      let folder = Step.workshop.root.appending(path: ".build/steps/\(name)")
      try? FileManager.default.removeItem(at: folder)
      for (path, file) in files { try Files.copy(file, to: folder.appending(path: path)) }
      return folder
    }
  }

  private static let folders = Memo<URL>()
}
