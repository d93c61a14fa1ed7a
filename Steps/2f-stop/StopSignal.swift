import Glibc

/// A pipe that becomes readable when SIGTERM arrives, and stays readable: every thread that polls
/// it wakes up.
struct StopSignal {
  // Written once, before the handler is installed.
  nonisolated(unsafe) private static var writer: Int32 = -1
  let descriptor: Int32

  init() {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    (descriptor, Self.writer) = (ends[0], ends[1])
  }

  func install() {
    var action = sigaction()
    // write(2) is one of the few calls that a handler may make: signal-safety(7).
    action.__sigaction_handler.sa_handler = { _ in write(StopSignal.writer, "x", 1) }
    sigaction(SIGTERM, &action, nil)
  }

  var isRequested: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) == 1
  }
}
