// expect: is over, but A gets no answer
// file: Reactor.swift
import CLinux
import Glibc
import Synchronization

/// Waits in `epoll_wait` on behalf of all suspended tasks, and resumes those whose sockets are
/// ready.
final class Reactor: Sendable {
  let executor = EventLoopExecutor()
  private let poller = epoll_create1(0)
  private let waiting = Mutex<[Int32: CheckedContinuation<Void, Never>]>([:])

  /// Suspends the task until the socket is ready. No thread waits.
  func ready(_ socket: Int32, _ interest: EPOLL_EVENTS) async {
    await withCheckedContinuation { continuation in
      waiting.withLock { $0[socket] = continuation }
      arm(socket, interest)  // Last: from here on, the event may arrive.
    }
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

  /// Chapter 3's loop: runs what can run, waits, accepts clients, resumes the tasks whose sockets
  /// are ready.
  func run(_ listener: Int32) -> Never {
    setNonBlocking(listener)
    arm(listener, EPOLLIN)
    arm(executor.wakeUp, EPOLLIN)
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      executor.runJobs()
      let count = epoll_wait(poller, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(0, count))) {
        if event.data.fd == listener {
          acceptClients(listener)
        } else if event.data.fd != executor.wakeUp {  // The jobs run anyway.
          waiting.withLock { $0.removeValue(forKey: event.data.fd) }?.resume()
        }
      }
    }
  }

  /// Asks for an event for every write, permanently: the loop never reads the eventfd.
  private func watch(_ wakeUp: Int32) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLET.rawValue
    event.data.fd = wakeUp
    epoll_ctl(poller, EPOLL_CTL_ADD, wakeUp, &event)
  }

  private func acceptClients(_ listener: Int32) {
    while true {
      let client = accept(listener, nil, nil)
      if client == -1 { return arm(listener, EPOLLIN) }
      setNonBlocking(client)
      Server.start(client)
    }
  }
}
