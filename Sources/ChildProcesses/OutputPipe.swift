import Glibc
import Synchronization

/// A pipe from a child process to this one. No other child inherits its descriptors.
public final class OutputPipe: Sendable {
  private struct Ends {
    var reader: Int32
    var writer: Int32
  }

  private let ends: Mutex<Ends>
  /// Above every descriptor of a child, so that none is replaced before it was copied.
  private static let lowest: Int32 = 10

  /// - Throws: if too many files are open.
  public init() throws(ChildProcessError) {
    // A pair of sockets would be simpler, but a child cannot open /dev/stdout if that is a socket.
    var pair: [Int32] = [0, 0]
    guard pipe(&pair) == 0 else { throw ChildProcessError("make a pipe", errno) }
    let moved = pair.map { fcntl($0, F_DUPFD_CLOEXEC, Self.lowest) }
    let code = errno
    for descriptor in pair { Glibc.close(descriptor) }
    guard !moved.contains(-1) else { throw ChildProcessError("make a pipe", code) }
    // A read must not wait for a process that has the writer and writes nothing.
    _ = fcntl(moved[0], F_SETFL, O_NONBLOCK)
    ends = Mutex(Ends(reader: moved[0], writer: moved[1]))
  }

  deinit {
    closeWriter()
    close(\.reader)
  }

  /// For poll(2); -1 after the end of the stream.
  public var reader: Int32 { ends.withLock { $0.reader } }
  /// The end for the child.
  public var writer: Int32 { ends.withLock { $0.writer } }
  /// Whether more may come.
  public var isOpen: Bool { reader != -1 }

  /// Closes this process's copy of the child's end. Without that, the stream never ends.
  public func closeWriter() { close(\.writer) }

  private func close(_ end: WritableKeyPath<Ends, Int32> & Sendable) {
    ends.withLock { ends in
      if ends[keyPath: end] != -1 { Glibc.close(ends[keyPath: end]) }
      ends[keyPath: end] = -1
    }
  }

  /// Returns the bytes that have arrived, at most `count`; none if there are none yet, or no more.
  public func read(_ count: Int = 64 * 1024) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: count)
    let result = Glibc.read(reader, &chunk, count)
    if result == 0 || (result == -1 && errno != EINTR && errno != EAGAIN) { close(\.reader) }
    return Array(chunk[..<max(0, result)])
  }
}
