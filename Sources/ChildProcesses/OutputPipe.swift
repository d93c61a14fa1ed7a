import Glibc
import Synchronization

/// A pipe, or a pseudo-terminal, from a child process to this one. No other child inherits its
/// descriptors.
public final class OutputPipe: Sendable {
  private struct Ends {
    var reader: Int32
    var writer: Int32
  }

  private let ends: Mutex<Ends>
  /// The lowest number for the pipe's descriptors: above every descriptor of a child. Otherwise a
  /// dup2(2) for the child could replace one of them before it is copied.
  private static let lowest: Int32 = 10

  /// Makes a pipe.
  /// - Throws: ``ChildProcessError`` if too many files are open.
  public convenience init() throws(ChildProcessError) {
    // A pair of sockets would be simpler, but a child cannot open /dev/stdout if that is a socket.
    var pair: [Int32] = [0, 0]
    guard pipe(&pair) == 0 else { throw ChildProcessError("make a pipe", errno) }
    try self.init(moving: pair)
  }

  /// Makes a pseudo-terminal instead of a pipe: most languages flush each line only if their output
  /// is a terminal.
  /// - Throws: ``ChildProcessError`` if too many files are open.
  public convenience init(terminal: Void) throws(ChildProcessError) {
    let reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number, writer): (Int32, Int32, Int32) = (0, 0, -1)
    if ioctl(reader, UInt(0x4004_5431), &unlocked) == 0,  // TIOCSPTLCK
      ioctl(reader, UInt(0x8004_5430), &number) == 0  // TIOCGPTN
    {
      writer = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    }
    guard writer != -1 else {
      let code = errno
      Glibc.close(reader)
      throw ChildProcessError("open a terminal", code)
    }
    // Raw mode, so that bytes pass unchanged: no "\r" before each "\n".
    var settings = termios()
    tcgetattr(reader, &settings)
    cfmakeraw(&settings)
    tcsetattr(reader, TCSANOW, &settings)
    try self.init(moving: [reader, writer])
  }

  /// Takes over two descriptors: first the one to read from, then the one to write to.
  private init(moving pair: [Int32]) throws(ChildProcessError) {
    let moved = pair.map { fcntl($0, F_DUPFD_CLOEXEC, Self.lowest) }
    let code = errno
    for descriptor in pair { Glibc.close(descriptor) }
    guard !moved.contains(-1) else {
      for descriptor in moved { Glibc.close(descriptor) }
      throw ChildProcessError("make a pipe", code)
    }
    // A blocking read would wait for any process that holds the writing end, even if it writes
    // nothing.
    _ = fcntl(moved[0], F_SETFL, O_NONBLOCK)
    ends = Mutex(Ends(reader: moved[0], writer: moved[1]))
  }

  deinit {
    closeWriter()
    close(\.reader)
  }

  /// The end to read from, for poll(2); -1 after the end of the stream.
  public var reader: Int32 { ends.withLock { $0.reader } }
  /// The end for the child.
  public var writer: Int32 { ends.withLock { $0.writer } }
  /// Whether more bytes may come.
  public var isOpen: Bool { reader != -1 }

  /// Closes this process's copy of the child's end. Otherwise the stream would never end.
  public func closeWriter() { close(\.writer) }

  private func close(_ end: WritableKeyPath<Ends, Int32> & Sendable) {
    ends.withLock { ends in
      if ends[keyPath: end] != -1 { Glibc.close(ends[keyPath: end]) }
      ends[keyPath: end] = -1
    }
  }

  /// Returns the bytes that have arrived, at most `count`; an empty array if none have arrived, or
  /// after the end of the stream.
  public func read(_ count: Int = 64 * 1024) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: count)
    let result = Glibc.read(reader, &chunk, count)
    if result == 0 || (result == -1 && errno != EINTR && errno != EAGAIN) { close(\.reader) }
    return Array(chunk[..<max(0, result)])
  }
}
