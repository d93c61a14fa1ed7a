import Foundation

/// The kit that checks are written with: a module, compiled once for each version of its sources.
struct Kit {
  /// Where `libKit.a` and `Kit.swiftmodule` are.
  let folder: URL

  init(_ workshop: Workshop) throws {
    let sources = try Self.sources(workshop)
    folder = workshop.build.appending(path: "Kit-\(try Self.fingerprint(sources))")
    if FileManager.default.fileExists(atPath: folder.path) { return }
    let temporary = try TemporaryFolder(in: workshop.build)
    try Self.compile(sources, into: temporary.url)
    // In one step, so that nobody sees half of it. Where somebody else was faster, theirs is as good.
    rename(temporary.url.path, folder.path)
  }

  private static func sources(_ workshop: Workshop) throws -> [URL] {
    let folder = workshop.root.appending(path: "Workshop/Kit")
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { folder.appending(path: $0) }
  }

  /// FNV-1a of everything that the result depends on.
  private static func fingerprint(_ sources: [URL]) throws -> String {
    let version = try ChildProcess.run(["swiftc", "--version"], silence: 60).output
    let texts = try sources.map { try Data(contentsOf: $0) } + [Data(version.utf8)]
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in texts.joined() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }

  private static func compile(_ sources: [URL], into folder: URL) throws {
    let library = folder.appending(path: "libKit.a").path
    let module = folder.appending(path: "Kit.swiftmodule").path
    let result = try ChildProcess.run(
      ["swiftc"] + Compiler.mode + [
        "-parse-as-library", "-emit-library", "-static", "-emit-module", "-module-name", "Kit",
        "-emit-module-path", module, "-o", library,
      ] + sources.map(\.path), silence: 300)
    if result.status != 0 { throw CourseError("the kit does not compile:\n\(result.output)") }
  }
}

/// A folder that is gone when this object is.
final class TemporaryFolder {
  let url: URL

  init(in parent: URL) throws {
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    url = parent.appending(path: "work-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
