import Foundation

/// A pipe that a child process writes to.
struct Stream {
  /// More than this nobody reads; a program that prints for ever must not fill our memory.
  private static let limit = 1 << 20

  /// -1 at the end of the stream, which poll(2) ignores.
  private(set) var reader: Int32
  private(set) var writer: Int32
  private var bytes: [UInt8] = []

  var isOpen: Bool { reader != -1 }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  init() throws {
    // Close-on-exec from the first, so that no other child keeps it open; pipe2(2) is not in the
    // Glibc module, a pair of sockets does the same.
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw CourseError("socketpair: \(String(cString: strerror(errno)))")
    }
    (reader, writer) = (ends[0], ends[1])
  }

  mutating func closeWriter() {
    close(writer)
    writer = -1
  }

  mutating func read() {
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(reader, &chunk, chunk.count, 0)
    if count > 0 {
      bytes += chunk[..<min(count, Self.limit - bytes.count)]
    } else if count == 0 || errno != EINTR {
      close(reader)
      reader = -1
    }
  }
}
