import Foundation

/// What belongs to the learner, in `Exercises/`, which git ignores: the files they edit, and how far they are.
struct Desk {
  let workshop: Workshop
  private let folder: URL
  private var progressFile: URL { folder.appending(path: "progress.json") }

  init(_ workshop: Workshop) {
    self.workshop = workshop
    folder = workshop.root.appending(path: "Exercises")
  }

  /// The learner's file; made from the stub where there is none yet.
  func file(for exercise: Exercise) throws -> URL {
    guard exercise.hasCode else {
      throw CourseError(
        "there is nothing to write in \(exercise.number), only to predict: swift run course predict \(exercise.number)"
      )
    }
    let file = folder.appending(path: exercise.folder.lastPathComponent + ".swift")
    if !FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: exercise.stub, to: file)
    }
    return file
  }

  /// Moves the learner's file away, where there is one, and returns where it is now.
  func putAway(_ exercise: Exercise) throws -> URL? {
    let name = exercise.folder.lastPathComponent
    let file = folder.appending(path: name + ".swift")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let backups = folder.appending(path: "Backup")
    try FileManager.default.createDirectory(at: backups, withIntermediateDirectories: true)
    var number = 1
    func backup() -> URL { backups.appending(path: "\(name)-\(number).swift") }
    while FileManager.default.fileExists(atPath: backup().path) { number += 1 }
    try FileManager.default.moveItem(at: file, to: backup())
    return backup()
  }

  /// The first exercise that is not done.
  func next() throws -> Exercise? {
    let progress = try progress()
    return workshop.exercises.first { !progress[$0].isDone }
  }

  /// Whether a guess is wanted, before anything else.
  func mustPredict(_ exercise: Exercise) throws -> Bool {
    try !exercise.questions.isEmpty && progress()[exercise].guess == nil
  }

  /// What comes after an exercise that is done, in a line.
  func whatIsNext() throws -> String {
    try next().map { "Then comes \($0): swift run course next" } ?? "All exercises are done."
  }

  func progress() throws -> Progress {
    guard let data = try? Data(contentsOf: progressFile) else { return Progress() }
    do {
      return try JSONDecoder().decode(Progress.self, from: data)
    } catch {
      throw CourseError("\(workshop.relative(progressFile)) is not readable: \(error)")
    }
  }

  func update(_ change: (inout Progress) -> Void) throws {
    var progress = try progress()
    change(&progress)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try encoder.encode(progress).write(to: progressFile, options: .atomic)
  }
}
