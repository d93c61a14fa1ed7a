import Foundation

/// What comes with the repository: the exercises and the kit.
struct Workshop: Sendable {
  let root: URL
  /// Where the executables of the servers are.
  var servers: URL { root.appending(path: ".build/debug") }
  /// For what is made on the way.
  var build: URL { root.appending(path: ".build/course") }
  let exercises: [Exercise]

  /// The one that the current folder belongs to.
  static func find() throws -> Workshop {
    var folder = URL(filePath: FileManager.default.currentDirectoryPath)
    while !FileManager.default.fileExists(atPath: folder.appending(path: "Workshop/Kit").path) {
      if folder.path == "/" { throw CourseError("no Workshop here; run it in the repository") }
      folder.deleteLastPathComponent()
    }
    return try Workshop(root: folder)
  }

  init(root: URL) throws {
    self.root = root
    let folder = root.appending(path: "Workshop")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    exercises = try names.sorted().map { folder.appending(path: $0) }
      .filter { FileManager.default.fileExists(atPath: $0.appending(path: "exercise.md").path) }
      .map { try Exercise(folder: $0) }
  }

  func exercise(_ number: String) throws -> Exercise {
    guard let found = exercises.first(where: { $0.number == number }) else {
      throw UsageError("there is no exercise '\(number)'")
    }
    return found
  }

  /// As a learner would write it: from the root of the repository.
  func relative(_ file: URL) -> String { file.path.replacing(root.path + "/", with: "") }
}
