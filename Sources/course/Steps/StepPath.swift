import Foundation

/// The steps in their order, and the program after each.
struct StepPath: Sendable {
  private(set) var steps: [Step] = []
  /// Why the path ends early: a page that cannot be used must not stop the steps before it, nor the
  /// exercises.
  private(set) var problem: CourseError?

  init(folder: URL) throws {
    for name in try Files.names(in: folder) {
      let step = folder.appending(path: name)
      guard try Files.exists(step.appending(path: "step.md")) else { continue }
      do {
        steps.append(try Step(folder: step))
      } catch let error as CourseError {
        problem = error
        return
      }
    }
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
  func base(of step: Step) throws -> Step? {
    guard let place = steps.firstIndex(where: { $0.number == step.number }) else { return nil }
    guard let number = step.base else { return place == 0 ? nil : steps[place - 1] }
    guard let base = steps[..<place].first(where: { $0.number == number }) else {
      throw CourseError(
        "\(step.number) is '- from: \(number)', and there is no such step before it")
    }
    return base
  }
}
