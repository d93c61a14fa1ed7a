import ChildProcesses
import Glibc
import Synchronization

/// One of a program's output streams. A read that finds nothing waits, but not forever.
final class ProgramOutput: Sendable {
  private let pipe: OutputPipe
  /// The bytes that have arrived and have not been returned yet.
  private let rest = Mutex<[UInt8]>([])

  init(_ pipe: OutputPipe) { self.pipe = pipe }

  /// Whether more output may follow.
  var isOpen: Bool { pipe.isOpen }

  /// Returns the next line without its line break. The last line may have none.
  func readLine() throws -> String {
    try rest.withLock { rest in
      while !rest.contains(UInt8(ascii: "\n")), let bytes = try readMore() { rest += bytes }
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      defer { rest.removeFirst(min(line.count + 1, rest.count)) }
      return String(decoding: line, as: UTF8.self)
    }
  }

  /// Returns everything up to the end of the stream.
  func readToEnd() throws -> String {
    try rest.withLock { rest in
      while let bytes = try readMore() { rest += bytes }
      defer { rest = [] }
      return String(decoding: rest, as: UTF8.self)
    }
  }

  /// Waits for bytes. Returns `nil` at the end of the stream.
  private func readMore() throws -> [UInt8]? {
    while pipe.isOpen {
      var wait = pollfd(fd: pipe.reader, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(patience.components.seconds) * 1000) == 1 else {
        throw HarnessError("the server neither printed anything nor ended within \(patience)")
      }
      let bytes = pipe.read()
      if !bytes.isEmpty { return bytes }
    }
    return nil
  }
}
