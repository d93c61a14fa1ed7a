import CLinux
import Glibc

@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let limit = option("--listeners").flatMap { Int($0) } ?? 1000
  static let reactor = Reactor()
  static let manager = ConnectionManager()
  // A signal handler can do little more than set a variable: signal-safety(7).
  nonisolated(unsafe) static var isStopping = false

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    let serving = start(listener)
    signal(SIGTERM) { _ in
      Server.isStopping = true
      eventfd_write(Server.reactor.executor.wakeUp, 1)
    }
    reactor.run { if isStopping { serving.cancel() } }
  }

  /// Starts the server's task. The process ends when the task does.
  static func start(_ listener: Int32) -> Task<Void, Never> {
    Task(executorPreference: reactor.executor) {
      await serveClients(of: listener)
      exit(0)
    }
  }

  /// Every client's task is a child of this one. It cannot outlive this function, and canceling
  /// this task cancels them all.
  static func serveClients(of listener: Int32) async {
    setNonBlocking(listener)
    await withDiscardingTaskGroup { group in
      while let client = await acceptClient(listener) {
        group.addTask {
          let mailbox = Mailbox(client)
          await serve(client, mailbox)
          if let id = mailbox.id { await manager.leave(id) }
          close(client)
        }
      }
      close(listener)
    }
  }

  /// Waits for the next client. Returns `nil` when the task is canceled.
  static func acceptClient(_ listener: Int32) async -> Int32? {
    while true {
      let client = accept(listener, nil, nil)
      if client != -1 {
        setNonBlocking(client)
        return client
      }
      _ = await reactor.readable(listener, until: .now + .seconds(3600))
      if Task.isCancelled { return nil }
    }
  }

  static func serve(_ client: Int32, _ mailbox: Mailbox) async {
    var session = Session(delay: delay)
    var deadline = ContinuousClock.now + timeout
    while true {
      switch session.next() {
      case .read:
        let messages = mailbox.takeAll()
        if !messages.isEmpty {
          if await !sendAll(messages, to: client) { return }
        } else if let bytes = receive(from: client) {
          session.receive(bytes)
        } else if await !reactor.readable(client, until: session.isListening ? never : deadline) {
          if Task.isCancelled { return }
          session.timeOut()
        }
      case .write:
        if await !sendAll(session.takeOutput(), to: client) || Task.isCancelled { return }
        deadline = .now + timeout
      case .pause(let time):
        // Without an interest, epoll still reports a client that is gone.
        if await reactor.ready(client, EPOLL_EVENTS(0), until: .now + time) { return }
      case .deliver(.join): if await !manager.join(mailbox) { return }
      case .deliver(.broadcast(let text)): await manager.broadcast(text)
      case .burn(let time): await burn(for: time)
      case .finish: return
      }
    }
  }

  /// Computes on Swift's pool. Without the preference, the task would run this on the loop too.
  static func burn(for time: Duration) async {
    await withTaskExecutorPreference(globalConcurrentExecutor) { await compute(for: time) }
  }

  @concurrent
  static func compute(for time: Duration) async {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {}
  }

  static var never: ContinuousClock.Instant { .now + .seconds(1_000_000) }

  /// Takes the bytes that have arrived: `nil` if there are none yet, empty if the client has
  /// finished or is gone.
  static func receive(from client: Int32) -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(client, &buffer, buffer.count, 0)
    return count == -1 && errno == EAGAIN ? nil : buffer.prefix(max(0, count))
  }

  /// Sends every byte. Returns false if the client is gone, or took nothing before the timeout.
  static func sendAll(_ bytes: [UInt8], to client: Int32) async -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EAGAIN {
        return false
      } else if await !reactor.ready(client, EPOLLOUT, until: .now + timeout) {
        return false
      }
    }
    return true
  }
}
