import Foundation

/// The processes that have opened a named pipe for writing, as its reader sees them: the stream
/// ends when the last one does (fifo(7)). There is no other way to wait for the end of another
/// process's child without polling.
final class Writers {
  let path: String
  private let reader: Int32

  init(_ path: String) throws {
    self.path = path
    guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    // Without O_NONBLOCK it would wait for the first writer.
    reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  }

  /// Waits for their end; returns false if one of them still runs after a minute. At least one must
  /// have opened the pipe before.
  var haveEnded: Bool {
    var wait = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    return poll(&wait, 1, 60_000) == 1 && read(reader, &byte, 1) == 0
  }

  deinit {
    close(reader)
    unlink(path)
  }
}
