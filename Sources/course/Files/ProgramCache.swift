import Foundation

/// Compiled programs, kept by the fingerprint of everything they depend on: what did not change is
/// not compiled again.
struct ProgramCache {
  private let folder: URL
  private let work: URL
  /// The number of programs that are kept: more than a reader compiles in a few days.
  private static let limit = 100
  /// How long a program is kept whatever their number, in seconds: it may be running, or it is the
  /// kit, which a command that compiles many programs asks for once, at its start.
  private static let age = 3600

  init(_ workshop: Workshop) {
    work = workshop.build
    folder = workshop.build.appending(path: "Programs")
  }

  /// The folder that `compile` filled for this fingerprint, now or some time ago.
  /// - Parameter compile: is given an empty folder; an error that it throws is not cached.
  func folder(
    for fingerprint: Fingerprint, compile: (URL) throws -> Void
  ) throws -> URL {
    let result = folder.appending(path: fingerprint.description)
    if try Files.exists(result) {
      utimes(result.path, nil)
      return result
    }
    try removeOldest()
    let temporary = try TemporaryFolder(in: work)
    try compile(temporary.url)
    try Files.makeFolder(folder)
    // In one step, so that no other command sees half of it. If another command was faster, its
    // result is just as good.
    if rename(temporary.url.path, result.path) == -1, !(try Files.exists(result)) {
      throw FileError("write", result.path)
    }
    return result
  }

  private func removeOldest() throws {
    let folders = try Files.names(in: folder).map { folder.appending(path: $0) }
    if folders.count < Self.limit { return }
    let unused = time(nil) - Self.age
    let old = folders.map { (url: $0, time: Files.modification(of: $0)) }
      .filter { $0.time < unused }.sorted { $0.time < $1.time }
    // Another command may do the same at this moment.
    for (url, _) in old.prefix(Self.limit / 2) { try? FileManager.default.removeItem(at: url) }
  }
}
