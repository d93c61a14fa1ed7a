import CLinux
import Glibc

/// An actor that lives on its own loop, with its own clients. It waits for all of them at once,
/// then goes as far as possible with each one that is ready. Other shards reach it only through
/// messages.
actor Shard {
  nonisolated let inbox = Inbox()
  nonisolated var unownedExecutor: UnownedSerialExecutor { inbox.asUnownedSerialExecutor() }
  let poller = epoll_create1(0)
  var connections: [Token: Connection] = [:]
  /// 0 is the listener's token, and 1 is the inbox's.
  var lastToken: Token = 1
  /// Only on the first loop: the listener, and the inboxes of the loops that get its clients in
  /// turn.
  var listener: Int32 = -1
  var accepted = 0
  /// All shards, including this one.
  var peers: [Shard] = []
  /// The clients of `/ws` on this shard. Nothing knows the clients of all shards.
  var members: [Int: Connection] = [:]
  /// Shard 0 of 3 gives out 1, 4, 7, …
  var nextID: Int
  /// Connections that have something to send, but no event to wait for.
  var scheduled: [Connection] = []

  init(_ index: Int) { nextID = index + 1 }

  func accept(from listener: Int32) {
    self.listener = listener
    watch(listener, 0)
  }

  func run() -> Never {
    watch(inbox.wakeUp, 1)
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

  private func runMessages() {
    for message in inbox.takeAll() { message() }
  }

  /// Runs at the end of a loop iteration, never in the middle of another client's `advance`.
  private func runScheduled() {
    let batch = scheduled
    scheduled = []
    for connection in batch where connection.wait == .reading {
      if connections[connection.token] != nil { advance(connection) }
    }
  }

  private func handle(_ event: epoll_event) {
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

  private func runTimers() {
    let now = ContinuousClock.now
    for connection in connections.values where connection.deadline <= now {
      switch connection.wait {
      case .pausing: advance(connection)
      case .reading:
        connection.session.timeOut()
        advance(connection)
      // The client took nothing for this long, or a shard has not replied.
      case .writing, .awaitingReply: close(connection)
      }
    }
  }

  /// An edge says "there are clients now", not how many. Each loop gets one in turn, including this
  /// one.
  func acceptClients() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      if client == -1 { return }
      peers[accepted % peers.count].post { $0.adopt(client) }
      accepted += 1
    }
  }

  private func adopt(_ client: Int32) {
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
  private func closeIdleClient() -> Bool {
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
  func advance(_ connection: Connection) {
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
        case .deliver(let command):
          if deliver(command, from: connection) { continue }
          (connection.wait, connection.deadline) = (.awaitingReply, .now + Server.timeout)
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
  func close(_ connection: Connection) {
    connections[connection.token] = nil
    if connection.session.id != 0 { members[connection.session.id] = nil }
  }
}
