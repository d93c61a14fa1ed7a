import CommandLineOptions
import Glibc

/// A file for a report. Open it before the run, so that a bad path is noticed before the run and
/// not after it; close it afterwards, because a full disk may be noticed only then.
package final class OutputFile {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?
  /// `errno` of the first write that failed; 0 if none failed.
  private var failure: Int32 = 0

  /// - Throws: a ``UsageError`` if the file cannot be opened for writing (fopen(3)).
  package init(_ path: String) throws(UsageError) {
    guard let file = fopen(path, "we") else {
      throw UsageError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.file = file
  }

  deinit { if let file { fclose(file) } }

  /// Adds text. ``close()`` reports a failure.
  package func write(_ text: String) {
    guard let file, failure == 0 else { return }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    if !isWritten { failure = errno }
  }

  /// - Throws: an ``OutputError`` if any of the text did not reach the file (fclose(3)).
  package func close() throws(OutputError) {
    guard let file else { return }
    self.file = nil
    if fclose(file) != 0 && failure == 0 { failure = errno }
    guard failure == 0 else {
      let reason = String(cString: strerror(failure))
      throw OutputError("cannot write \(path): \(reason); what it holds is incomplete")
    }
  }
}

extension OutputFile {
  /// Writes a whole file.
  /// - Throws: a ``UsageError`` if it cannot be opened, an ``OutputError`` if it is not complete.
  package static func write(_ text: String, to path: String) throws {
    let file = try OutputFile(path)
    file.write(text)
    try file.close()
  }
}

/// A report that could not be written: one line that names the file and the reason.
package struct OutputError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
