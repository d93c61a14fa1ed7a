import Foundation

/// `course watch N.M`: checks at once, and then after each save, until Ctrl-C.
struct WatchCommand {
  let desk: Desk

  func perform(_ exercise: Exercise) throws -> ExitCode {
    let file = try desk.file(for: exercise)
    while true {
      // Taken before the check: who saves during it gets another one.
      let version = modification(of: file)
      if Style.standardOutput.hasColours { print("\u{1B}[2J\u{1B}[H", terminator: "") }
      _ = try CheckCommand(desk).perform(exercise)
      print(Style.standardOutput.faint("\nWaiting for you to save the file. Ctrl-C ends."))
      fflush(nil)
      while modification(of: file) == version { usleep(200_000) }
    }
  }

  /// An editor may write a new file and rename it, so the path is asked, and not the file. `nil` in between.
  private func modification(of file: URL) -> Date? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return attributes?[.modificationDate] as? Date
  }
}
