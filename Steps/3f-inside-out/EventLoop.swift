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
      let count = epoll_wait(poller, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal arrived (EINTR).
        if event.data.fd == listener {
          acceptClients()
        } else if let connection = connections[event.data.fd] {
          advance(connection)
        }
      }
    }
  }

  /// An edge says "there are clients now", not how many.
  mutating func acceptClients() {
    while true {
      let client = accept(listener, nil, nil)
      if client == -1 { return }
      let connection = Connection(client)
      connections[client] = connection
      watch(client)
      advance(connection)  // Its request may have arrived already.
    }
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
        case .read: guard try connection.fill() else { return }
        case .write: connection.outbox = connection.session.takeOutput()[...]
        case .pause(let time): usleep(UInt32(time / .microseconds(1)))  // Everyone waits.
        case .finish: return close(connection)
        }
      }
    } catch {
      close(connection)
    }
  }

  /// Drops the last reference, which closes the descriptor; epoll removes a closed socket by
  /// itself.
  mutating func close(_ connection: Connection) { connections[connection.socket] = nil }
}
