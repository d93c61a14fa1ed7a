import Foundation

/// A program that runs during a test and ends with it at the latest.
struct Program {
  /// The folder of the built executables, which is also the folder of the running test bundle.
  static let folder: String = {
    let test = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: test ?? "").deletingLastPathComponent().path + "/"
  }()

  /// Where the programs run: a page's commands write files, which must not end up in the
  /// repository. The folder is removed when the tests end.
  private static let workingFolder: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "docs-tests-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Program.workingFolder) }
    return folder
  }()

  private let process = Process()
  private let output = Pipe()

  /// - Parameter name: a path, or the name of a program of this package.
  init(_ name: String, _ arguments: [String]) throws {
    process.executableURL = URL(filePath: name.hasPrefix("/") ? name : Self.folder + name)
    process.arguments = arguments
    process.currentDirectoryURL = Self.workingFolder
    process.standardOutput = output
    try process.run()
  }

  /// The first line, without its line break.
  func readLine() -> String? {
    String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      .split(separator: "\n").first.map(String.init)
  }

  func readToEnd() -> String {
    String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .replacing("\r\n", with: "\n")
  }

  /// Waits for it to exit.
  func waitForStatus() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Sends SIGTERM and waits for its end.
  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
