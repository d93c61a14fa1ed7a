import Foundation

/// A folder that is removed with this object.
final class TemporaryFolder {
  let url: URL

  init(in parent: URL) throws {
    try Files.makeFolder(parent)
    url = parent.appending(path: "work-\(UUID().uuidString)")
    try Files.makeFolder(url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
