import Glibc

/// Standard output, with errors for failed writes.
package enum StandardOutput {
  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes text at once, after anything that `print` still has in its buffer. `print` itself
  /// ignores errors.
  /// - Throws: an ``OutputError`` if it cannot be written, for example because the disk is full.
  package static func show(_ text: String, terminator: String = "\n") throws(OutputError) {
    fflush(nil)
    let bytes = Array((text + terminator).utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.span.extracting(written...).withUnsafeBytes {
        write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw OutputError("cannot write standard output: \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// Prepares the standard streams. Call it before anything else is opened.
///
/// A caller may have closed some of them (`2>&-`). The next file that is opened would get the free
/// number, and messages would end up inside a report. Standard output is opened for reading only,
/// so that a report that cannot be seen is an error (as with ls(1)); messages on standard error may
/// be lost.
package func prepareStandardStreams() {
  for (number, mode) in [
    (STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
  ]
  where fcntl(number, F_GETFD) == -1 {
    _ = open("/dev/null", mode)
  }
  // A reader that exited (`| head -1`) and a limit of file size (ulimit -f) become errors of
  // write(2) too.
  for number in ignoredSignals { signal(number, SIG_IGN) }
}

/// The signals that ``prepareStandardStreams()`` ignores. A child process needs their default
/// actions back.
package let ignoredSignals = [SIGPIPE, SIGXFSZ]
