// expect: B broadcasts, then asks, and gets the answer before its own copy
// file: EventLoop.swift
import CLinux
import Glibc

/// Waits for all its clients at once, then goes as far as possible with each one that is ready.
struct EventLoop {
  let inbox: Inbox
  let registry: ActorRegistry
  let poller = epoll_create1(0)
  var connections: [Token: Connection] = [:]
  /// 0 is the listener's token, and 1 is the inbox's.
  var lastToken: Token = 1
  /// Only on the first loop: the listener, and the inboxes of the loops that get its clients in
  /// turn.
  var listener: Int32 = -1
  var inboxes: [Inbox] = []
  var accepted = 0
  /// Connections that have something to send, but no event to wait for.
  var scheduled: [Connection] = []

  init(_ inbox: Inbox, _ registry: ActorRegistry) {
    (self.inbox, self.registry) = (inbox, registry)
    watch(inbox.wakeUp, 1)
  }

  mutating func accept(from listener: Int32, for inboxes: [Inbox]) {
    (self.listener, self.inboxes) = (listener, inboxes)
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

  private mutating func runMessages() {
    for message in inbox.takeAll() { message(&self) }
  }

  /// Runs at the end of a loop iteration, never in the middle of another client's `advance`.
  private mutating func runScheduled() {
    let batch = scheduled
    scheduled = []
    for connection in batch where connection.wait == .reading {
      if connections[connection.token] != nil { advance(connection) }
    }
  }

  /// Starts a task that waits for the manager. The loop does not wait for the task.
  private func deliver(_ command: Session.Command, from client: Connection) {
    let (registry, sender) = (registry, ConnectionRef(inbox: inbox, token: client.token))
    Task {
      switch command {
      case .join: await registry.add(sender)
      case .broadcast(let frame): await registry.broadcast(frame, from: sender)
      case .send(let frame, let id): await registry.send(frame, to: id, from: sender)
      }
    }
  }

  /// Continues with a client whose command was carried out.
  mutating func handleReply(_ reply: RegistryReply, to token: Token) {
    let client = connections[token]
    switch reply {
    case .joined(let id) where client == nil: remove(id)  // It left before it got its number.
    case .joined(let id): client?.session.id = id
    case .noClient(let id): client?.session.output += Frame.encode(.text, "No client \(id)".utf8)
    case .done: break
    }
    if let client { advance(client) }
  }

  private func remove(_ id: Int) { Task { [registry] in await registry.remove(id) } }

  mutating func enqueue(_ frame: [UInt8], for token: Token) {
    guard let client = connections[token] else { return }  // It left in the meantime.
    if client.session.isFinishing { return }  // Nothing may follow a close frame.
    client.session.output += frame
    if client.backlog > Connection.limit {
      close(client)  // The client does not read, so what it has not received is lost.
    } else {
      scheduled.append(client)
    }
  }

  private mutating func handle(_ event: epoll_event) {
    if event.data.u64 == 0 { return acceptClients() }
    if event.data.u64 == 1 { return runMessages() }
    // If there is none, the event was for a connection that was closed earlier in the same batch.
    guard let connection = connections[event.data.u64] else { return }
    switch connection.wait {
    case .reading, .writing: advance(connection)
    case .pausing, .awaitingReply:
      let isHangUp = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
      if isHangUp { close(connection) }  // It will not receive the answer.
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
      // The client took nothing for this long, or the manager has not replied.
      case .writing, .awaitingReply: close(connection)
      }
    }
  }

  /// An edge says "there are clients now", not how many. Each loop gets one in turn, including this
  /// one.
  mutating func acceptClients() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      if client == -1 { return }
      inboxes[accepted % inboxes.count].post { $0.adopt(client) }
      accepted += 1
    }
  }

  private mutating func adopt(_ client: Int32) {
    if connections.count >= max(1, Server.limit / Server.loops) && !closeIdleClient() {
      _ = Glibc.close(client)  // Clients that are being served take all the places.
      return
    }
    lastToken += 1
    let connection = Connection(client, lastToken)
    connections[lastToken] = connection
    watch(client, lastToken)
    advance(connection)  // Its request may have arrived already.
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
    if connection.session.id != 0 { remove(connection.session.id) }
  }
}
