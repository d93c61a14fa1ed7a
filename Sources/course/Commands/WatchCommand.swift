import Foundation

/// `course watch 1c` or `course watch 1.1`: checks at once, and then whenever a file changes, until
/// Ctrl-C.
struct WatchCommand {
  private let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ lesson: Lesson) throws -> ExitCode {
    if case .exercise(let exercise) = lesson { _ = try desk.file(for: exercise) }
    while true {
      // Taken before the check, so that a change during the check leads to another one.
      let version = version(of: lesson)
      if style.hasColors { print("\u{1B}[2J\u{1B}[H", terminator: "") }
      do {
        _ = try CheckCommand(desk).perform(lesson)
      } catch let error where !(error is UsageError) {
        // For example, a file in the wrong encoding. The next save may fix it.
        print("\(error)")
      }
      print(style.faint("\nWaiting for you to save. Press Ctrl-C to stop."))
      fflush(nil)
      waitForChange(of: lesson, since: version)
    }
  }

  /// Returns when the files are there and differ. An editor may write a new file and rename it, so
  /// for a moment a file may be missing.
  private func waitForChange(of lesson: Lesson, since old: Fingerprint?) {
    while true {
      usleep(200_000)
      if let new = version(of: lesson), new != old { return }
    }
  }

  /// The contents of the files that the check reads, because `cp -p` can keep a modification time.
  /// `nil` if they cannot be read or are gone.
  private func version(of lesson: Lesson) -> Fingerprint? {
    guard let files = try? files(of: lesson), !files.isEmpty else { return nil }
    var fingerprint = Fingerprint()
    for file in files {
      guard let bytes = try? Files.bytes(of: file) else { return nil }
      fingerprint.add(file.path)
      fingerprint.add(bytes)
    }
    return fingerprint
  }

  private func files(of lesson: Lesson) throws -> [URL] {
    switch lesson {
    case .exercise(let exercise):
      [desk.path(for: exercise)]
    case .step:
      try desk.server.program().map { desk.server.folder.appending(path: $0) }
    }
  }
}
