import Glibc

extension ServerProcess {
  /// Sends a signal to the thread that serves: in 02 the first worker that is in send(2), in the
  /// others the first thread.
  ///
  /// A signal for a process may go to any of its threads; the kernel prefers the one whose number
  /// was given to kill(2).
  func signalServingThread(_ signal: Int32) throws {
    let threads = try entries(of: "/proc/\(pid)/task").compactMap { pid_t($0) }.sorted()
    let sending = try threads.first {
      // proc(5): the number of the system call that the thread is in, 44 (sendto) on x86-64, 206 on AArch64.
      let call = try readFile("/proc/\(pid)/task/\($0)/syscall").prefix { $0 != " " }
      return call == "44" || call == "206"
    }
    kill(sending ?? pid, signal)
  }
}

extension Client {
  /// Waits for a byte; returns false at the end of the stream, in good order or not.
  func hasMore() -> Bool {
    if hasReceived { return true }
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 1
  }

  /// Ends both directions, even while another thread reads.
  func shutdownBoth() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
