import Foundation
import Synchronization

/// A folder that is removed with this object, or when a signal ends the program. If the program is
/// killed, the next one removes it.
final class TemporaryFolder: Sendable {
  private static let prefix = "work-"
  private static let all = Mutex<Set<String>>([])

  let url: URL
  /// Holds a lock on the folder: that is how others see that it is in use.
  private let lock: Int32

  init(in parent: URL) throws {
    try Files.makeFolder(parent)
    Self.removeAbandoned(in: parent)
    while true {
      let folder = parent.appending(path: "\(Self.prefix)\(UUID().uuidString)")
      try Files.makeFolder(folder)
      let lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      // Before we held the lock, another command may have treated the folder as abandoned. Then we
      // make another one.
      guard lock != -1, flock(lock, LOCK_EX) == 0 || errno != EINTR, try Files.exists(folder) else {
        close(lock)
        continue
      }
      (url, self.lock) = (folder, lock)
      Self.all.withLock { _ = $0.insert(folder.path) }
      return
    }
  }

  deinit {
    // It may have been renamed to become a result.
    try? FileManager.default.removeItem(at: url)
    Self.all.withLock { _ = $0.remove(url.path) }
    close(lock)
  }

  static func removeAll() {
    all.withLock { folders in
      for path in folders { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  private static func removeAbandoned(in parent: URL) {
    for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
      let folder = parent.appending(path: name)
      let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if descriptor == -1 { continue }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(at: folder)
      }
    }
  }
}
