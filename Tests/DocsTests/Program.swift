import Foundation

/// A program that runs beside the test, and ends with it at the latest.
struct Program {
  /// Where the built executables are: beside the tests' bundle, which is the running executable.
  static let folder: String = {
    let test = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: test ?? "").deletingLastPathComponent().path + "/"
  }()

  private let process = Process()
  private let output = Pipe()

  /// - Parameter name: a path, or the name of one of ours.
  init(_ name: String, _ arguments: [String]) throws {
    process.executableURL = URL(filePath: name.hasPrefix("/") ? name : Self.folder + name)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
  }

  /// The first line, without its end.
  func readLine() -> String? {
    String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      .split(separator: "\n").first.map(String.init)
  }

  func readToEnd() -> String {
    String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .replacing("\r\n", with: "\n")
  }

  /// Waits for its end.
  func waitForStatus() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// SIGTERM, and then its end.
  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
