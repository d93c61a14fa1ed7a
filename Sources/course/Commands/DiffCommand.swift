import Foundation

/// `course diff 1c`: how the book's program differs from the reader's.
struct DiffCommand {
  let desk: Desk
  private let style = Style.standardOutput

  init(_ desk: Desk) { self.desk = desk }

  func perform(_ step: Step) throws -> ExitCode {
    let book = try desk.workshop.path.program(after: step)
    let mine = Set(try desk.server.program())
    var isDifferent = false
    for path in mine.union(book.keys).sorted() {
      let file = desk.server.folder.appending(path: path)
      let before = mine.contains(path) ? try Files.text(of: file) : ""
      let after = try book[path].map { try Files.text(of: $0) } ?? ""
      let difference = LineDifference(from: before, to: after)
      if difference.isEmpty { continue }
      isDifferent = true
      print(
        style.strong("\(MyServer.name)/\(path)") + note(isMine: mine.contains(path), book[path]))
      print(difference.text(style) + "\n")
    }
    if isDifferent {
      print("- is yours, + is the book's after \(step).")
    } else {
      print("Your program is the book's after \(step).")
    }
    return .passed
  }

  private func note(isMine: Bool, _ book: URL?) -> String {
    if book == nil { return style.faint("  (not in the book's program)") }
    return isMine ? "" : style.faint("  (only in the book's program)")
  }
}
