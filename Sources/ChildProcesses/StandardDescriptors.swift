import Glibc

/// The descriptors 0, 1 and 2.
public enum StandardDescriptors {
  /// Opens /dev/null for those that are closed (`program 2>&-`). Otherwise the next file or socket
  /// that is opened becomes standard error, and messages end up in it. Call it first in `main`.
  public static func reserve() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is this one: those below it are open by now.
      _ = open("/dev/null", O_RDWR)
    }
  }
}
