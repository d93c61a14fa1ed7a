import CLinux
import Glibc

/// An actor that lives on its own loop, with its own clients. It waits for all of them at once,
/// then goes as far as possible with each one that is ready. Other shards reach it by messages.
actor Shard {
  nonisolated let inbox = Inbox()
  nonisolated var unownedExecutor: UnownedSerialExecutor { inbox.asUnownedSerialExecutor() }
  let poller = epoll_create1(0)
  var connections: [Token: Connection] = [:]
  /// 0 is the listener's, 1 the inbox's.
  var lastToken: Token = 1
  /// On the first loop only: where clients come in, and the loops that get them in turn.
  var listener: Int32 = -1
  var accepted = 0
  /// All shards, this one, too.
  var peers: [Shard] = []
  /// The clients of `/ws` on this shard. No place knows all of them.
  var members: SubscriptionIndex
  /// Connections that were given something to send, and have no event to wait for.
  var scheduled: [Connection] = []

  init(_ index: Int) { members = SubscriptionIndex(first: index + 1) }

  func accept(from listener: Int32) {
    self.listener = listener
    watch(listener, 0)
  }

  func run() -> Never {
    watch(inbox.wakeUp, 1)
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), timeout)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal came (EINTR).
        handle(event)
      }
      runTimers()
      runScheduled()
    }
  }

  private func runMessages() {
    for message in inbox.takeAll() { message() }
  }

  /// Not at once, in the middle of another client's `advance`: here, each is a client among others.
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
    // No connection: the event was for one that was closed earlier in the same batch.
    guard let connection = connections[event.data.u64] else { return }
    switch connection.wait {
    case .reading, .writing: advance(connection)
    case .pausing, .awaitingReply:
      let isHangUp = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
      if isHangUp { close(connection) }  // It will not hear the answer.
    }
  }

  /// Milliseconds until the earliest deadline, rounded up; -1 if there is none. It looks at every
  /// connection: the real server keeps its deadlines in a heap.
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
      // It has taken nothing for this long, or a shard has not replied.
      case .writing, .awaitingReply: close(connection)
      }
    }
  }

  /// An edge says "now there are some", not how many. Each loop gets one in turn, this one, too.
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
      _ = Glibc.close(client)  // All places are taken, by clients that are being served.
      return
    }
    lastToken += 1
    let connection = Connection(client, lastToken)
    connections[lastToken] = connection
    watch(client, lastToken)
    advance(connection)  // Its request may be there already.
  }

  /// Makes room: the client that has waited longest for its next request gives up its place. False if
  /// all clients are being served.
  private func closeIdleClient() -> Bool {
    let idle = connections.values.filter { $0.wait == .reading }
    guard let oldest = idle.min(by: { $0.deadline < $1.deadline }) else { return false }
    close(oldest)
    return true
  }

  /// Tells the kernel, once and for all, that events of this socket interest us. With EPOLLET, it
  /// reports when the socket becomes ready, not as long as it is.
  func watch(_ socket: Int32, _ token: Token) {
    setNonBlocking(socket)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLET.rawValue
    event.data.u64 = token
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)
  }

  /// Chapter 1's `serve`, inside out. Where that waits, this returns, and the next event calls it.
  func advance(_ connection: Connection) {
    do throws(Disconnected) {
      while try connection.flush() {
        switch connection.session.next() {
        case .read:
          connection.wait = .reading
          guard try connection.fill() else { return }
        case .write: connection.outbox.append(connection.session.takeOutput())
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

  /// The last reference goes, and with it the descriptor; epoll forgets a socket that is closed.
  func close(_ connection: Connection) {
    connections[connection.token] = nil
    members.remove(connection.session.id, topics: connection.session.topics)
  }
}
