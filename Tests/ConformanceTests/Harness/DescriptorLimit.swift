import Glibc
import Testing

/// Raises the limit of open descriptors (getrlimit(2)) for this process and the servers that it
/// will start; cancels the test if the machine does not allow that many.
func requireDescriptors(_ count: UInt) throws {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  guard limit.rlim_max >= count else {
    try Test.cancel("needs \(count) open descriptors, the hard limit is \(limit.rlim_max)")
  }
  if limit.rlim_cur < count {
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
