import CommandLineOptions
import Glibc

/// Raises the process's limit of open files (getrlimit(2)) as far as `connections` need it.
/// - Throws: a ``UsageError`` if the hard limit is too low.
package func allowDescriptors(for connections: Int) throws(UsageError) {
  // In addition to the connections: the standard streams, epoll, the stop signal, the report files.
  let needed = rlim_t(connections) + 32
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  if limit.rlim_cur >= needed { return }
  guard limit.rlim_max >= needed else {
    throw UsageError(
      "-c \(connections): this process may have \(limit.rlim_max) open files (ulimit -Hn)")
  }
  limit.rlim_cur = needed
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
