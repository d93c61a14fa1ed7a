import Glibc

/// The descriptors 0, 1 and 2: standard input, output and error.
public enum StandardDescriptors {
  /// Opens /dev/null for each of them that is closed (`program 2>&-`). Otherwise the next file or
  /// socket that is opened would become standard error, and messages would end up in it. Call it
  /// first in `main`.
  public static func reserve() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      // open(2) returns the lowest free number, which is this one: those below it are open by now.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
