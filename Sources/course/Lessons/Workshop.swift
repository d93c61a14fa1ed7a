import Foundation

/// The parts of the repository that a reader works with: the steps, the exercises and the kit.
struct Workshop: Sendable {
  let root: URL
  let path: StepPath
  let exercises: [Exercise]
  /// The folder with the servers' executables.
  var servers: URL { root.appending(path: ".build/debug") }
  /// The folder for compiled checks and other temporary files.
  var build: URL { root.appending(path: ".build/course") }

  /// The workshop that the current folder belongs to.
  static func find() throws -> Workshop {
    guard let start = getcwd(nil, 0) else {
      throw CourseError("the current folder is gone: \(String(cString: strerror(errno)))")
    }
    defer { free(start) }
    var folder = URL(filePath: String(cString: start), directoryHint: .isDirectory)
    while !Files.isFolder(folder.appending(path: "Workshop/Kit")) {
      let parent = folder.deletingLastPathComponent()
      if parent.path == folder.path {
        throw CourseError("there is no Workshop here; run this command in the repository")
      }
      folder = parent
    }
    return try Workshop(root: folder)
  }

  init(root: URL) throws {
    self.root = root
    path = try StepPath(folder: root.appending(path: "Steps"))
    let folder = root.appending(path: "Workshop")
    exercises = try Files.names(in: folder).map { folder.appending(path: $0) }
      .filter { try Files.exists($0.appending(path: "exercise.md")) }
      .map { try Exercise(folder: $0) }
  }

  /// The levels for a server in any language.
  func levels() throws -> [Level] {
    try Level.all(in: root.appending(path: "Workshop/Ladder"))
  }

  /// The path of a file as a reader would write it: from the root of the repository.
  func relative(_ file: URL) -> String { file.path.replacing(root.path + "/", with: "") }
}
