import Foundation

/// The kit that checks are written with: a module, compiled once for each version of its sources.
struct Kit {
  /// The folder with `libKit.a` and `Kit.swiftmodule`.
  let folder: URL
  /// What every program that is linked with it depends on: the kit's sources and the compiler.
  let fingerprint: Fingerprint
  let compiler: SwiftCompiler

  init(_ workshop: Workshop) throws {
    let compiler = try SwiftCompiler()
    let sources = try Self.sources(workshop)
    let fingerprint = try Self.fingerprint(sources, compiler)
    folder = try ProgramCache(workshop).folder(for: fingerprint) {
      try Self.compile(sources, compiler, into: $0)
    }
    (self.compiler, self.fingerprint) = (compiler, fingerprint)
  }

  /// The options that let a check import it.
  var options: [String] { ["-I", folder.path, "-L", folder.path, "-lKit"] }

  private static func sources(_ workshop: Workshop) throws -> [URL] {
    let folder = workshop.root.appending(path: "Workshop/Kit")
    return try Files.tree(folder).filter { $0.hasSuffix(".swift") }
      .map { folder.appending(path: $0) }
  }

  private static func fingerprint(
    _ sources: [URL], _ compiler: SwiftCompiler
  ) throws -> Fingerprint {
    var fingerprint = Fingerprint()
    fingerprint.add(compiler.version)
    for option in SwiftCompiler.mode { fingerprint.add(option) }
    for source in sources { fingerprint.add(try Files.bytes(of: source)) }
    return fingerprint
  }

  private static func compile(
    _ sources: [URL], _ compiler: SwiftCompiler, into folder: URL
  ) throws {
    let result = try compiler.compile(
      [
        "-emit-library", "-static", "-emit-module", "-module-name", "Kit",
        "-emit-module-path", folder.appending(path: "Kit.swiftmodule").path,
        "-o", folder.appending(path: "libKit.a").path,
      ] + sources.map(\.path))
    if !result.isDone { throw CourseError("the kit does not compile:\n\(result.messages.output)") }
  }
}
