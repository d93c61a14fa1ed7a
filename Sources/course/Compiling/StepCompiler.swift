import Foundation

/// Compiles the check of a step, and the reader's program, each for itself: the check starts the
/// program.
struct StepCompiler {
  private static let messages = "warnings"

  let workshop: Workshop
  let kit: Kit

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    kit = try Kit(workshop)
  }

  /// The program that checks this step. It does not depend on the reader's code.
  func check(_ step: Step) throws -> URL { try check([step.check]) }

  /// The program that these files and the kit make.
  func check(_ sources: [URL]) throws -> URL {
    var fingerprint = kit.fingerprint
    for source in sources {
      fingerprint.add(source.path)
      fingerprint.add(try Files.bytes(of: source))
    }
    let folder = try ProgramCache(workshop).folder(for: fingerprint) { folder in
      let result = try kit.compiler.compile(
        kit.options + [
          "-module-name", "Check", "-o", folder.appending(path: Compiled.name).path,
        ] + sources.map(\.path))
      if !result.isDone {
        throw CourseError("a check does not compile:\n\(result.messages.output)")
      }
    }
    return folder.appending(path: Compiled.name)
  }

  /// Compiles the program in a folder.
  static func program(
    in folder: URL, flags: [String] = [], _ workshop: Workshop, _ compiler: SwiftCompiler
  ) throws -> (result: Compiled, warnings: String) {
    let sources = try MyServer.sources(in: folder)
    let result = try Compiled { failure in
      try ProgramCache(workshop).folder(
        for: fingerprint(of: folder, sources, flags, compiler)
      ) { product in
        let result = try compiler.compile(
          arguments(folder, sources) + flags
            + ["-o", product.appending(path: Compiled.name).path])
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

  /// The options that compile a program of the path, without the name of the result.
  static func arguments(_ folder: URL, _ sources: [URL]) throws -> [String] {
    let module = folder.appending(path: "CLinux")
    return ["-module-name", "Server"] + (Files.isFolder(module) ? ["-I", module.path] : [])
      + sources.map(\.path)
  }

  private static func fingerprint(
    of folder: URL, _ sources: [URL], _ flags: [String], _ compiler: SwiftCompiler
  ) throws -> Fingerprint {
    var fingerprint = Fingerprint()
    for text in [compiler.version] + SwiftCompiler.mode + flags { fingerprint.add(text) }
    let headers = try Files.tree(folder.appending(path: "CLinux"))
      .map { folder.appending(path: "CLinux/\($0)") }
    for file in sources + headers {
      fingerprint.add(file.path)
      fingerprint.add(try Files.bytes(of: file))
    }
    return fingerprint
  }

  /// The errors, or all that was said if there is none: the linker's, for example.
  private static func errors(in messages: Diagnostics, _ workshop: Workshop) -> String {
    let errors = messages.errors()
    return errors.isEmpty ? messages.output : Diagnostics.text(errors, workshop)
  }
}
