import Glibc
import Synchronization

/// What a child process writes, from its end to ours.
final class ChildOutput: Sendable {
  private let readEnd: Int32
  let writeEnd: Int32
  private let writeEndIsOpen = Mutex(true)

  /// socketpair(2) instead of pipe(2), because it can set close-on-exec at once: a child that another thread starts
  /// in between must not inherit our ends, or we would wait for its end as well.
  init() throws {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw HarnessError(call: "socketpair") }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  func closeWriteEnd() {
    writeEndIsOpen.withLock { isOpen in
      if isOpen { close(writeEnd) }
      isOpen = false
    }
  }

  /// A line without its end; what there is where the writer ends without one.
  func readLine() throws -> String {
    var line: [UInt8] = []
    while let byte = try readByte(), byte != UInt8(ascii: "\n") { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }

  /// Everything until the writer has ended.
  func readToEnd() throws -> String {
    var text: [UInt8] = []
    while let byte = try readByte() { text.append(byte) }
    return String(decoding: text, as: UTF8.self)
  }

  private func readByte() throws -> UInt8? {
    var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, Int32(patience.components.seconds) * 1000) == 1 else {
      throw HarnessError("the server neither said anything nor ended within \(patience)")
    }
    var byte: UInt8 = 0
    return read(readEnd, &byte, 1) == 1 ? byte : nil
  }

  deinit {
    closeWriteEnd()
    close(readEnd)
  }
}
