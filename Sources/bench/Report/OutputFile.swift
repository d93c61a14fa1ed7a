import Common
import Glibc

/// A file that a report goes to: opened before the run, so that a run is not lost to a bad path.
struct OutputFile: ~Copyable {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>

  /// Throws where the file cannot be written (fopen(3)).
  init(_ path: String) throws(UsageError) {
    guard let file = fopen(path, "we") else {
      throw UsageError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.file = file
  }

  // Closing is where a full disk may show at last (fclose(3)).
  deinit {
    if fclose(file) != 0 { printError("bench: \(path): \(String(cString: strerror(errno)))") }
  }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  }
}
