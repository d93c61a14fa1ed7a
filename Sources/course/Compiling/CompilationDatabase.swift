import Foundation

/// A `compile_commands.json` in each of the reader's folders. With it, editors compile a file as
/// the runner does: completion and errors as you type, in every editor that speaks to
/// sourcekit-lsp.
struct CompilationDatabase {
  /// One file and its command, as the format wants it
  /// (https://clang.llvm.org/docs/JSONCompilationDatabase.html).
  private struct Entry: Codable {
    let directory: String
    let file: String
    let arguments: [String]
  }

  private let desk: Desk

  init(_ desk: Desk) { self.desk = desk }

  /// For `MyServer/`: one module of all files.
  func updateServer() throws {
    let sources = try desk.server.sources()
    let arguments = try StepCompiler.arguments(desk.server.folder, sources)
    try write(
      sources.map { entry($0, arguments, in: desk.server.folder) }, to: desk.server.folder)
  }

  /// For `Exercises/`: each file is a module, together with its check.
  func updateExercises() throws {
    let kit = try Kit(desk.workshop)
    let folder = desk.folder
    let entries = try desk.workshop.exercises.filter(\.hasCode).map { exercise in
      (exercise, desk.path(for: exercise))
    }.filter { try Files.exists($0.1) }.map { exercise, file in
      let sources = [exercise.check.path, file.path]
      return entry(file, kit.options + ["-module-name", "Exercise"] + sources, in: folder)
    }
    try write(entries, to: folder)
  }

  private func entry(_ file: URL, _ arguments: [String], in folder: URL) -> Entry {
    Entry(
      directory: folder.path, file: file.path,
      arguments: ["swiftc"] + SwiftCompiler.mode + arguments)
  }

  /// Only if it differs, because an editor reads a changed file again.
  private func write(_ entries: [Entry], to folder: URL) throws {
    let file = folder.appending(path: "compile_commands.json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let new = Array(try encoder.encode(entries))
    if try Files.exists(file), try Files.bytes(of: file) == new { return }
    try Files.write(new, to: file)
  }
}
