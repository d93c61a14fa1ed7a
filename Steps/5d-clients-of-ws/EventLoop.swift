import CLinux
import Glibc

/// Waits for all clients at once, then goes as far as possible with each one that is ready.
struct EventLoop {
  let listener: Int32
  let poller = epoll_create1(0)
  var connections: [Token: Connection] = [:]
  /// 0 is the listener's token.
  var lastToken: Token = 0
  /// The clients of `/ws`. One thread owns them, so there is no lock.
  var registry: [Int: Connection] = [:]
  var lastID = 0
  /// Connections that have something to send, but no event to wait for.
  var scheduled: [Connection] = []

  init(_ listener: Int32) {
    self.listener = listener
    watch(listener, 0)
  }

  mutating func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), timeout)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal arrived (EINTR).
        handle(event)
      }
      runTimers()
      runScheduled()
    }
  }

  /// Runs at the end of a loop iteration, never in the middle of another client's `advance`.
  private mutating func runScheduled() {
    let batch = scheduled
    scheduled = []
    for connection in batch where connection.wait == .reading {
      if connections[connection.token] != nil { advance(connection) }
    }
  }

  private mutating func deliver(_ command: Session.Command, from sender: Connection) {
    switch command {
    case .join:
      lastID += 1
      registry[lastID] = sender
      sender.session.id = lastID
    case .broadcast(let frame):
      for client in registry.values { enqueue(frame, for: client) }
    case .send(let frame, let id):
      if let client = registry[id] {
        enqueue(frame, for: client)
      } else {
        sender.session.output += Frame.encode(.text, "No client \(id)".utf8)
      }
    }
  }

  private mutating func enqueue(_ frame: [UInt8], for client: Connection) {
    if client.session.isFinishing { return }  // Nothing may follow a close frame.
    client.session.output += frame
    scheduled.append(client)
  }

  private mutating func handle(_ event: epoll_event) {
    if event.data.u64 == 0 { return acceptClients() }
    // If there is none, the event was for a connection that was closed earlier in the same batch.
    guard let connection = connections[event.data.u64] else { return }
    if connection.wait != .pausing {
      advance(connection)
    } else if event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
      close(connection)  // It will not receive the answer.
    }
  }

  /// Milliseconds until the earliest deadline, rounded up; -1 if there is none. This looks at every
  /// connection; the real server keeps its deadlines in a heap.
  private var timeout: Int32 {
    if !scheduled.isEmpty { return 0 }
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
      if connections.count >= Server.limit && !closeIdleClient() {
        _ = Glibc.close(client)  // Clients that are being served take all the places.
        continue
      }
      lastToken += 1
      let connection = Connection(client, lastToken)
      connections[lastToken] = connection
      watch(client, lastToken)
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
  func watch(_ socket: Int32, _ token: Token) {
    setNonBlocking(socket)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLET.rawValue
    event.data.u64 = token
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
        case .deliver(let command): deliver(command, from: connection)
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
  mutating func close(_ connection: Connection) {
    connections[connection.token] = nil
    if connection.session.id != 0 { registry[connection.session.id] = nil }
  }
}
