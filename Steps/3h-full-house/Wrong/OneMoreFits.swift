// expect: but C gets a third
// file: EventLoop.swift
import CLinux
import Glibc

/// Waits for all clients at once, then goes as far as possible with each one that is ready.
struct EventLoop {
  let listener: Int32
  let poller = epoll_create1(0)
  var connections: [Int32: Connection] = [:]

  init(_ listener: Int32) {
    self.listener = listener
    watch(listener)
  }

  mutating func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), timeout)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal arrived (EINTR).
        handle(event)
      }
      runTimers()
    }
  }

  private mutating func handle(_ event: epoll_event) {
    if event.data.fd == listener { return acceptClients() }
    guard let connection = connections[event.data.fd] else { return }
    if connection.wait != .pausing {
      advance(connection)
    } else if event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
      close(connection)  // It will not receive the answer.
    }
  }

  /// Milliseconds until the earliest deadline, rounded up; -1 if there is none. This looks at every
  /// connection; the real server keeps its deadlines in a heap.
  private var timeout: Int32 {
    guard let earliest = connections.values.map(\.deadline).min() else { return -1 }
    return max(0, Int32(((earliest - .now) / .milliseconds(1)).rounded(.up)))
  }

  private mutating func runTimers() {
    let now = ContinuousClock.now
    for connection in connections.values where connection.deadline <= now {
      switch connection.wait {
      case .pausing: advance(connection)
      case .reading:
        connection.session.timeOut()
        advance(connection)
      case .writing: close(connection)  // The client has taken nothing for this long.
      }
    }
  }

  /// An edge says "there are clients now", not how many.
  mutating func acceptClients() {
    while true {
      let client = accept(listener, nil, nil)
      if client == -1 { return }
      if connections.count >= Server.limit { _ = closeIdleClient() }
      let connection = Connection(client)
      connections[client] = connection
      watch(client)
      advance(connection)  // Its request may have arrived already.
    }
  }

  /// Makes room: the client that has waited longest for its next request gives up its place.
  /// Returns false if all clients are being served.
  private mutating func closeIdleClient() -> Bool {
    let idle = connections.values.filter { $0.wait == .reading }
    guard let oldest = idle.min(by: { $0.deadline < $1.deadline }) else { return false }
    close(oldest)
    return true
  }

  /// Tells the kernel, once and for all, to report this socket's events. With EPOLLET, it reports
  /// when the socket becomes ready, not for as long as it is.
  func watch(_ socket: Int32) {
    setNonBlocking(socket)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLET.rawValue
    event.data.fd = socket
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)
  }

  /// Chapter 1's `serve`, inside out: at each point where `serve` waits, this returns, and the next
  /// event calls it again.
  mutating func advance(_ connection: Connection) {
    do throws(Disconnected) {
      while try connection.flush() {
        switch connection.session.next() {
        case .read:
          connection.wait = .reading
          guard try connection.fill() else { return }
        case .write: connection.outbox = connection.session.takeOutput()[...]
        case .pause(let time):
          (connection.wait, connection.deadline) = (.pausing, .now + time)
          return
        case .finish: return close(connection)
        }
      }
      connection.wait = .writing
    } catch {
      close(connection)
    }
  }

  /// Drops the last reference, which closes the descriptor; epoll removes a closed socket by
  /// itself.
  mutating func close(_ connection: Connection) { connections[connection.socket] = nil }
}
