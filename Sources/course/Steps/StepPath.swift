import Foundation

/// The steps in their order, and the program after each.
struct StepPath: Sendable {
  let steps: [Step]

  init(folder: URL) throws {
    steps = try Files.names(in: folder).map { folder.appending(path: $0) }
      .filter { try Files.exists($0.appending(path: "step.md")) }
      .map { try Step(folder: $0) }
  }

  func step(_ number: String) -> Step? { steps.first { $0.number == number } }

  /// The program after a step: the program that it builds on, with the step's own files on top.
  /// - Returns: the files by their paths within the program.
  func program(after step: Step) throws -> [String: URL] {
    var program = try base(of: step).map { try self.program(after: $0) } ?? [:]
    for file in step.removed {
      guard program.removeValue(forKey: file) != nil else {
        throw CourseError("\(step.number) removes \(file), which is not in the program before it")
      }
    }
    for file in try step.files() { program[file] = step.folder.appending(path: file) }
    return program
  }

  /// The step whose program this one changes; `nil` for the first.
  private func base(of step: Step) throws -> Step? {
    guard let place = steps.firstIndex(where: { $0.number == step.number }) else { return nil }
    guard let number = step.base else { return place == 0 ? nil : steps[place - 1] }
    guard let base = steps[..<place].first(where: { $0.number == number }) else {
      throw CourseError(
        "\(step.number) is '- from: \(number)', and there is no such step before it")
    }
    return base
  }
}
