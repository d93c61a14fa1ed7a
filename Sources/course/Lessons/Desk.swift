import Foundation

/// The reader's own files, which git ignores: `Exercises/`, with the progress, and `MyServer/`.
struct Desk {
  let workshop: Workshop
  let server: MyServer
  /// `Exercises/`
  let folder: URL
  private var progressFile: URL { folder.appending(path: "progress.json") }

  init(_ workshop: Workshop) {
    self.workshop = workshop
    server = MyServer(workshop)
    folder = workshop.root.appending(path: "Exercises")
  }

  // MARK: The files of the exercises

  /// The reader's file, whether or not it exists.
  func path(for exercise: Exercise) -> URL {
    folder.appending(path: exercise.folder.lastPathComponent + ".swift")
  }

  /// The reader's file. Creates it from the stub if there is none yet.
  func file(for exercise: Exercise) throws -> URL {
    guard exercise.hasCode else {
      throw CourseError(
        "\(exercise.number) has nothing to write, only to predict: "
          + "swift run course predict \(exercise.number)"
      )
    }
    let file = path(for: exercise)
    if try Files.exists(file) { return file }
    if let old = try renamed(exercise) {
      try Files.move(old, to: file)
      print(
        "\(workshop.relative(old)) is now \(workshop.relative(file)): the exercise has a new name.")
    } else {
      try Files.copy(exercise.stub, to: file)
    }
    return file
  }

  /// The reader's file if the exercise had another name when it was made. Only its number stays.
  private func renamed(_ exercise: Exercise) throws -> URL? {
    let names = try Files.names(in: folder)
      .filter { $0.hasPrefix(exercise.number + "-") && $0.hasSuffix(".swift") }
    if names.count > 1 {
      throw CourseError(
        "which of these is your \(exercise.number)? Leave only one in Exercises: "
          + names.joined(separator: ", "))
    }
    return names.first.map { folder.appending(path: $0) }
  }

  /// Moves the reader's file away, if there is one, and returns its new place.
  func putAway(_ exercise: Exercise) throws -> URL? {
    let name = exercise.folder.lastPathComponent
    let exact = path(for: exercise)
    guard let file = try Files.exists(exact) ? exact : renamed(exercise) else { return nil }
    let backup = try Files.unused { folder.appending(path: "Backup/\(name)-\($0).swift") }
    try Files.move(file, to: backup)
    return backup
  }

  // MARK: Progress

  /// The exercise to do now; `nil` if there is none left.
  func nextExercise() throws -> Exercise? {
    let lesson = try progress().next(of: workshop.exercises.map { .exercise($0) })
    guard case .exercise(let exercise) = lesson else { return nil }
    return exercise
  }

  /// The step to build now; `nil` if there is none left.
  func nextStep() throws -> Step? {
    let lesson = try progress().next(of: workshop.path.steps.map { .step($0) })
    guard case .step(let step) = lesson else { return nil }
    return step
  }

  /// The step or the exercise that the last command was about; if it is done, the next of its kind.
  func current() throws -> Lesson? {
    let (step, exercise) = try (nextStep().map(Lesson.step), nextExercise().map(Lesson.exercise))
    return try progress().isBuilding ? step ?? exercise : exercise ?? step
  }

  /// Whether the exercise begins with a prediction that is still missing.
  func mustPredict(_ exercise: Exercise) throws -> Bool {
    try !exercise.questions.isEmpty && progress()[exercise].guess == nil
  }

  /// One line for a lesson that is done: the one after it.
  func whatIsNext(after lesson: Lesson) throws -> String {
    switch lesson {
    case .step:
      try nextStep().map { "Next is \($0): swift run course build" } ?? "You have built all steps."
    case .exercise:
      try nextExercise().map { "Next is \($0): swift run course next" }
        ?? "All exercises are done."
    }
  }

  /// Throws if there is a progress file that cannot be used, which must not look like having no
  /// progress.
  func progress() throws -> Progress {
    guard try Files.exists(progressFile) else { return Progress() }
    let path = workshop.relative(progressFile)
    let way = "repair it, or start without progress: mv \(path) \(path).old"
    let bytes: [UInt8]
    do {
      bytes = try Files.bytes(of: progressFile)
    } catch var error as FileError {
      error.advice = way
      throw error
    }
    // A power cut can leave an empty file. It holds nothing that could be lost.
    if bytes.isEmpty { return Progress() }
    guard let progress = try? JSONDecoder().decode(Progress.self, from: Data(bytes)) else {
      throw CourseError("\(path) is damaged; \(way)")
    }
    return progress
  }

  /// Changes the progress. Two commands at once take turns, so that neither overwrites the other's
  /// change.
  func update(_ change: (inout Progress) -> Void) throws {
    try Files.makeFolder(folder)
    try Files.locked(folder) {
      var progress = try progress()
      change(&progress)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try Files.write(encoder.encode(progress), to: progressFile)
    }
  }
}
