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
    let file = folder.appending(path: exercise.folder.lastPathComponent + ".swift")
    if !FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: exercise.stub, to: file)
    }
    return file
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
