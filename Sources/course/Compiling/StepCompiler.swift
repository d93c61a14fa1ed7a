import Foundation

/// Compiles the check of a step, and the reader's program, each for itself: the check starts the
/// program.
struct StepCompiler {
  /// A program, or the compiler's errors; and its warnings.
  typealias Outcome = (result: Compiled, warnings: String)

  private static let messages = "warnings"

  let workshop: Workshop
  let kit: Kit

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    kit = try Kit(workshop)
  }

  // MARK: Checks

  /// The program that checks this step. It does not depend on the reader's code.
  func check(_ step: Step) throws -> URL { try check([step.check]) }

  /// The program that these files and the kit make.
  func check(_ sources: [URL]) throws -> URL {
    switch try compileCheck(sources).result {
    case .program(let program): return program
    case .errors(let errors): throw CourseError("a check does not compile:\n\(errors)")
    }
  }

  func compileCheck(_ sources: [URL]) throws -> Outcome {
    var fingerprint = kit.fingerprint
    try Self.add(sources, to: &fingerprint)
    let arguments = kit.options + ["-module-name", "Check"] + sources.map(\.path)
    return try Self.compile(arguments, fingerprint, workshop, kit.compiler)
  }

  // MARK: Programs

  /// Compiles the program in a folder.
  static func program(
    in folder: URL, flags: [String] = [], _ workshop: Workshop, _ compiler: SwiftCompiler
  ) throws -> Outcome {
    let sources = try MyServer.sources(in: folder)
    var fingerprint = Fingerprint()
    for text in [compiler.version] + SwiftCompiler.mode + flags { fingerprint.add(text) }
    let headers = try Files.tree(folder.appending(path: "CLinux"))
      .map { folder.appending(path: "CLinux/\($0)") }
    try add(sources + headers, to: &fingerprint)
    return try compile(arguments(folder, sources) + flags, fingerprint, workshop, compiler)
  }

  /// The options that compile a program of the path, without the name of the result.
  static func arguments(_ folder: URL, _ sources: [URL]) throws -> [String] {
    let module = folder.appending(path: "CLinux")
    return ["-module-name", "Server"] + (Files.isFolder(module) ? ["-I", module.path] : [])
      + sources.map(\.path)
  }

  // MARK: The compiler

  private static func add(_ files: [URL], to fingerprint: inout Fingerprint) throws {
    for file in files {
      fingerprint.add(file.path)
      fingerprint.add(try Files.bytes(of: file))
    }
  }

  /// - Parameter fingerprint: of all that the result depends on. A program with this fingerprint
  ///   that was compiled earlier is not compiled again.
  private static func compile(
    _ arguments: [String], _ fingerprint: Fingerprint, _ workshop: Workshop,
    _ compiler: SwiftCompiler
  ) throws -> Outcome {
    // An earlier version of the runner kept the program alone. Its folders must not be found.
    var fingerprint = fingerprint
    fingerprint.add(messages)
    let result = try Compiled { failure in
      try ProgramCache(workshop).folder(for: fingerprint) { product in
        let result = try compiler.compile(
          arguments + ["-o", product.appending(path: Compiled.name).path])
        if !result.isDone { throw failure(errors(in: result.messages, workshop)) }
        try Files.write(
          Array(Diagnostics.text(result.messages.warnings, workshop).utf8),
          to: product.appending(path: messages))
      }
    }
    guard case .program(let program) = result else { return (result, "") }
    let file = program.deletingLastPathComponent().appending(path: messages)
    return (result, try Files.text(of: file))
  }

  /// The errors, or all that was said if there is none: the linker's, for example.
  private static func errors(in messages: Diagnostics, _ workshop: Workshop) -> String {
    let errors = messages.errors()
    return errors.isEmpty ? messages.output : Diagnostics.text(errors, workshop)
  }
}
