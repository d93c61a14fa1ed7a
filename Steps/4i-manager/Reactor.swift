import CLinux
import Glibc
import Synchronization

/// Waits in `epoll_wait` on behalf of all suspended tasks, and resumes those whose sockets are
/// ready.
final class Reactor: Sendable {
  let executor = EventLoopExecutor()
  private let poller = epoll_create1(0)
  private let waiting = Mutex<[Int32: ScheduledIO]>([:])

  /// A task that waits for an event or a deadline, whichever comes first.
  private struct ScheduledIO {
    let continuation: CheckedContinuation<Bool, Never>
    let deadline: ContinuousClock.Instant
    let interest: UInt32
  }

  /// Suspends the task until the socket is ready. Returns false if the deadline comes first.
  func ready(
    _ socket: Int32, _ interest: EPOLL_EVENTS, until deadline: ContinuousClock.Instant
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      waiting.withLock {
        $0[socket] = ScheduledIO(
          continuation: continuation, deadline: deadline, interest: interest.rawValue)
      }
      arm(socket, interest)  // Last: from here on, the event may arrive.
    }
  }

  /// Resumes the task that waits for a socket, if there is one. It takes the continuation out of
  /// the table, so only the first of an event and a deadline finds it.
  private func resume(_ socket: Int32, isReady: Bool) {
    waiting.withLock { $0.removeValue(forKey: socket) }?.continuation.resume(returning: isReady)
  }

  /// Asks for one event. There are no more until the next call.
  private func arm(_ socket: Int32, _ interest: EPOLL_EVENTS) {
    var event = epoll_event()
    event.events = interest.rawValue | EPOLLONESHOT.rawValue
    event.data.fd = socket
    if epoll_ctl(poller, EPOLL_CTL_MOD, socket, &event) == -1 {
      epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)  // The socket was not on the list yet.
    }
  }

  /// Like `ready`, for bytes or for a client at a listener, but it also returns when the task is
  /// canceled: a client between two requests has nothing to finish.
  func readable(_ socket: Int32, until deadline: ContinuousClock.Instant) async -> Bool {
    if Task.isCancelled { return false }
    return await withTaskCancellationHandler {
      await ready(socket, EPOLLIN, until: deadline)
    } onCancel: {
      resume(socket, isReady: false)
    }
  }

  /// Resumes the task if it is waiting to read, because there is a message in its mailbox.
  func notify(_ socket: Int32) {
    if waiting.withLock({ $0[socket]?.interest == EPOLLIN.rawValue }) {
      resume(socket, isReady: true)
    }
  }

  /// Chapter 3's loop: runs what can run, waits, and resumes the tasks whose sockets are ready.
  func run(_ afterWakeUp: () -> Void) -> Never {
    watch(executor.wakeUp)
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      executor.runJobs()
      let count = epoll_wait(poller, &events, Int32(events.count), timeout)
      for event in events.prefix(Int(max(0, count))) where event.data.fd != executor.wakeUp {
        resume(event.data.fd, isReady: true)
      }
      afterWakeUp()
      runTimers()
    }
  }

  /// Milliseconds until the earliest deadline, rounded up; -1 if there is none.
  private var timeout: Int32 {
    guard let earliest = waiting.withLock({ $0.values.map(\.deadline).min() }) else { return -1 }
    return max(0, Int32(((earliest - .now) / .milliseconds(1)).rounded(.up)))
  }

  private func runTimers() {
    let now = ContinuousClock.now
    let due = waiting.withLock { waiting in waiting.filter { $0.value.deadline <= now }.keys }
    for socket in due { resume(socket, isReady: false) }
  }

  /// Asks for an event for every write, permanently: the loop never reads the eventfd.
  private func watch(_ wakeUp: Int32) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLET.rawValue
    event.data.fd = wakeUp
    epoll_ctl(poller, EPOLL_CTL_ADD, wakeUp, &event)
  }
}
