import CommandLineOptions
import Glibc

extension Array {
  /// Parses the command line; call it first in `main`. For `--help` and `--version` it prints the
  /// text and exits with 0; for a mistake it prints one line on standard error and exits with 64
  /// (sysexits.h `EX_USAGE`).
  public func parseOrExit<Options>(
    program: String, summary: String, into options: inout Options
  ) where Element == CommandLineOption<Options> {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") {
      let listed =
        self + [
          .information("--version", "print the version"), .information("--help", "print this help"),
        ]
      print("\(summary)\n\nusage: \(program) [options]\n\n\(listed.help())")
      exit(0)
    }
    if arguments.contains("--version") {
      print(versionLine(of: program))
      exit(0)
    }
    do {
      try parse(arguments, into: &options)
    } catch {
      exitWithError("\(program): \(error) (try --help)", status: 64)
    }
  }
}

/// Prints a line on standard output and flushes it: if that is a pipe or a file, the line would
/// otherwise stay in a buffer.
public func announce(_ line: String) {
  print(line)
  fflush(nil)
}

/// Prints a line on standard error (write(2)).
public func printError(_ line: String) {
  var line = line + "\n"
  line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Prints a line on standard error, then ends the process.
public func exitWithError(_ line: String, status: Int32) -> Never {
  printError(line)
  exit(status)
}
