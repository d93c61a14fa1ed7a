import Foundation

@testable import course

/// A workshop with one tiny exercise, for tests of the runner itself.
final class Sandbox: Sendable {
  /// Next to the tests.
  static let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

  let root: URL
  private let folder: TemporaryFolder

  /// - Parameters:
  /// - code: what the learner has written: the body of `func answer() -> Int`, which should return
  /// 42.
  ///   - predicted: whether the exercise begins with a question.
  init(answer code: String, predicted: Bool = false) throws {
    folder = try TemporaryFolder(in: Variant.workshop.build)
    root = folder.url
    // A copy of the kit; the build products are the same for both.
    let real = Variant.workshop.root
    let kit = "Workshop/Kit"
    try FileManager.default.createDirectory(
      at: root.appending(path: "Workshop"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: real.appending(path: kit), to: root.appending(path: kit))
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: ".build"), withDestinationURL: real.appending(path: ".build"))
    try write("Workshop/9.1-tiny/exercise.md", Self.page + (predicted ? Self.question : ""))
    try write("Workshop/9.1-tiny/Measure.swift", Self.measurement)
    try write("Workshop/9.1-tiny/Stub.swift", "func answer() -> Int { 0 }\n")
    try write("Workshop/9.1-tiny/Solution.swift", "func answer() -> Int { 42 }\n")
    try write("Workshop/9.1-tiny/Check.swift", Self.check)
    try write("Exercises/9.1-tiny.swift", "import Glibc\n\nfunc answer() -> Int {\n\(code)\n}\n")
  }

  private static let page = """
    # 9.1 Tiny

    - minutes: 1
    - read: [Nothing](../../docs/README.md)

    Return 42.

    ## Hint 1

    First.

    ## Hint 2

    Second.

    ## Hint 3

    Third.

    """

  private static let question = """

    ## Question size

    - answer: number

    How large is it?

    ## Prediction hint 1

    Think.

    ## Prediction hint 2

    Count.

    ## Prediction hint 3

    It is 42.

    """

  private static let measurement = """
    import Kit

    @main
    enum Measure: Checks {
      static let parts = [
        Part("its size") { compare("size", model: "42", measured: "42", because: "So it is.") }
      ]
    }

    """

  private static let check = """
    import Kit

    @main
    enum Check: Checks {
      static let parts = [
        Part("the answer", deadline: .seconds(1)) {
          let found = Waiting.for("the answer to everything") { answer() }
          expect(found, equals: 42, "it is another number")
        }
      ]
    }

    """

  /// Adds another exercise, which asks for the same.
  func addExercise(_ number: String) throws {
    for name in ["exercise.md", "Stub.swift", "Solution.swift", "Check.swift"] {
      let text = try text("Workshop/9.1-tiny/\(name)")
      try write(
        "Workshop/\(number)-more/\(name)", text.replacing("# 9.1 Tiny", with: "# \(number) More"))
    }
  }

  func write(_ path: String, _ text: String) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Starts `course`.
  func start(
    _ words: [String], with variables: [String: String] = [:], output: Pipe
  ) throws -> Process {
    // Tests that run under nohup or in the background of a script ignore these signals, and a child
    // would inherit that.
    for number in [SIGINT, SIGHUP] { signal(number, SIG_DFL) }
    let process = Process()
    process.executableURL = Self.products.appending(path: "course")
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.currentDirectoryURL = root
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    return process
  }

  /// Runs `course` to its end; returns what it printed, and its exit status.
  func course(
    _ words: String..., with variables: [String: String] = [:]
  ) throws -> (text: String, status: Int32) {
    try course(words, with: variables)
  }

  func course(
    _ words: [String], with variables: [String: String] = [:]
  ) throws -> (text: String, status: Int32) {
    let output = Pipe()
    let process = try start(words, with: variables, output: output)
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: text, as: UTF8.self), process.terminationStatus)
  }

  /// A command of the shell, in which `$0` is `course`.
  func shell(_ script: String) throws -> (text: String, status: Int32) {
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, Self.products.appending(path: "course").path]
    process.currentDirectoryURL = root
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: text, as: UTF8.self), process.terminationStatus)
  }

  /// A folder for what is compiled that no other test uses; the programs in it are shared.
  func ownBuildFolder() throws {
    let folder = root.appending(path: ".build")
    try FileManager.default.removeItem(at: folder)
    let programs = folder.appending(path: "course/Programs")
    try Files.makeFolder(programs.deletingLastPathComponent())
    try FileManager.default.createSymbolicLink(
      at: programs, withDestinationURL: Variant.workshop.build.appending(path: "Programs"))
  }
}
