/// The words after `course`: a command, at most one step or exercise, and options.
struct CommandLineWords {
  /// The options that take a value.
  private static let valued = ["--server", "--as", "--level"]
  /// The options of each command.
  private static let known = ["check": valued, "solution": ["--give-up"]]

  let command: String
  private let desk: Desk
  private var options: [String: String] = [:]
  private var names: [String] = []

  init(_ words: [String], _ desk: Desk) throws {
    command = words.first ?? "list"
    self.desk = desk
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      if word.hasPrefix("-") {
        guard Self.known[command, default: []].contains(word) else {
          throw UsageError("\(command) has no option '\(word)'")
        }
        options[word] = Self.valued.contains(word) ? rest.popFirst() ?? "" : ""
      } else {
        names.append(word)
      }
    }
  }

  func has(_ option: String) -> Bool { options[option] != nil }

  func value(of option: String) throws -> String {
    guard let value = options[option], !value.isEmpty else {
      throw UsageError("\(option) needs a value: check --server COMMAND --as 03")
    }
    return value
  }

  func expectNothing() throws {
    if let word = names.first { throw UsageError("\(command) takes no '\(word)'") }
  }

  /// The step or exercise that was named; `nil` if there is none.
  func named() throws -> Lesson? {
    if names.count > 1 { throw UsageError("one step or exercise at a time, not '\(names[1])' too") }
    return try names.first.map { try desk.workshop.lesson(named: $0) }
  }

  /// The one that was named, or the one that the reader is working on.
  func lesson() throws -> Lesson {
    if let lesson = try named() ?? desk.current() { return lesson }
    throw UsageError("everything is done; name a step or an exercise, such as \(command) 1.1")
  }

  func wantedLesson() throws -> Lesson {
    guard let lesson = try named() else {
      throw UsageError("\(command) needs a number, such as \(command) 1.1")
    }
    return lesson
  }

  func namedExercise() throws -> Exercise? { try named().map(exercise) }
  func namedStep() throws -> Step? { try named().map(step) }
  func wantedExercise() throws -> Exercise { try exercise(wantedLesson()) }

  func exercise() throws -> Exercise {
    if let exercise = try namedExercise() ?? desk.nextExercise() { return exercise }
    throw UsageError("all exercises are done; name one, such as \(command) 1.1")
  }

  func step() throws -> Step {
    if let step = try namedStep() ?? desk.nextStep() { return step }
    throw UsageError("all steps are built; name one, such as \(command) 1a")
  }

  private func exercise(_ lesson: Lesson) throws -> Exercise {
    guard case .exercise(let exercise) = lesson else {
      throw UsageError("\(command) is for exercises; \(lesson.number) is a step: course build")
    }
    return exercise
  }

  private func step(_ lesson: Lesson) throws -> Step {
    guard case .step(let step) = lesson else {
      throw UsageError("\(command) is for steps; \(lesson.number) is an exercise: course next")
    }
    return step
  }
}
