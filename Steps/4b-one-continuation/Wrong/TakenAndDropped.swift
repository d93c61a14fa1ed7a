// expect: A's task is suspended and A sends a request, but nothing resumes the task
// file: Reactor.swift
import CLinux
import Glibc
import Synchronization

/// Waits in `epoll_wait` on behalf of a suspended task, and resumes it.
final class Reactor: Sendable {
  private let poller = epoll_create1(0)
  private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

  /// Suspends the task until the socket is ready. No thread waits.
  func ready(_ socket: Int32, _ interest: EPOLL_EVENTS) async {
    await withCheckedContinuation { continuation in
      waiting.withLock { $0 = continuation }
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

  /// Chapter 3's loop: accepts clients, and resumes the task whose socket is ready.
  func run(_ listener: Int32) -> Never {
    setNonBlocking(listener)
    arm(listener, EPOLLIN)
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(0, count))) {
        if event.data.fd == listener {
          acceptClients(listener)
        } else {
          _ = waiting.withLock { $0.take() }
        }
      }
    }
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
