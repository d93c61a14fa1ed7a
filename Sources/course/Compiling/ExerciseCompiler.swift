import Foundation

/// Makes one program of a check and the code it checks.
struct ExerciseCompiler {
  /// Keeps each hop between actors that the code asks for. The optimizer removes hops that look
  /// useless. Then two messages in a row behave like one, and no other task can run in between.
  private static let hops = ["-Xllvm", "-sil-disable-pass=optimize-hop-to-executor"]

  let workshop: Workshop
  let kit: Kit

  init(_ workshop: Workshop) throws {
    self.workshop = workshop
    kit = try Kit(workshop)
  }

  /// The program, or what the compiler says if the two do not compile.
  func program(_ check: URL, with file: URL?) throws -> Compiled {
    let sources = [check] + [file].compactMap { $0 }
    var fingerprint = kit.fingerprint
    for source in sources {
      fingerprint.add(source.path)
      fingerprint.add(try Files.bytes(of: source))
    }
    return try Compiled { failure in
      try ProgramCache(workshop).folder(for: fingerprint) { folder in
        let result = try kit.compiler.compile(
          kit.options + Self.hops + [
            "-module-name", "Exercise", "-o", folder.appending(path: Compiled.name).path,
          ] + sources.map(\.path))
        if !result.isDone { throw failure(errors(in: result.messages, of: file ?? check)) }
      }
    }
  }

  /// The errors in the learner's file, with the lines they point at. If there are none, the file
  /// does not fit the check that calls it.
  private func errors(in messages: Diagnostics, of file: URL) -> String {
    let inFile = messages.errors(in: file.path)
    if !inFile.isEmpty { return Diagnostics.text(inFile, workshop) }
    let elsewhere = messages.errors()
    return "The check cannot use your code. Names and types of the stub have to stay as they are:\n"
      + (elsewhere.isEmpty ? messages.output : Diagnostics.text(elsewhere, workshop))
  }
}
