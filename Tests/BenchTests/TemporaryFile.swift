import Common
import Glibc

/// A file in the system's temporary folder that is removed when the value is destroyed
/// (mkstemp(3)).
struct TemporaryFile: ~Copyable {
  let path: String

  init(contents: String = "") throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/" + "tmp"
    var template = "\(folder)/bench-test-XXXXXX".utf8CString.map { $0 }
    let descriptor = Descriptor(owning: try check("mkstemp") { mkstemp(&template) })
    let path = String(
      decoding: template.dropLast().map(UInt8.init(truncatingIfNeeded:)), as: UTF8.self)
    var bytes = Array(contents.utf8)[...]
    while !bytes.isEmpty {
      let count = try check("write") {
        bytes.withUnsafeBytes { write(descriptor.number, $0.baseAddress, $0.count) }
      }
      bytes = bytes.dropFirst(count)
    }
    self.path = path
  }

  deinit { unlink(path) }

  borrowing func withPath<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    try body(path)
  }
}
