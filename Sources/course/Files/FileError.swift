import Glibc

/// A file that could not be read or written: which one, and the kernel's reason, in one line.
struct FileError: Error, CustomStringConvertible {
  let action: String
  let path: String
  let code: Int32
  /// What the reader can do about it; empty if the reason is enough.
  var advice = ""

  init(_ action: String, _ path: String, _ code: Int32 = errno) {
    (self.action, self.path, self.code) = (action, path, code)
  }

  var description: String {
    "cannot \(action) \(path): \(String(cString: strerror(code)))"
      + (advice.isEmpty ? "" : "; \(advice)")
  }
}
