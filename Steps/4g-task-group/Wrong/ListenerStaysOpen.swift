// expect: the server is stopping, but accepts new clients
import CLinux
import Glibc

@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let reactor = Reactor()
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
          await serve(client)
          close(client)
        }
      }

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

  static func serve(_ client: Int32) async {
    var session = Session(delay: delay)
    var deadline = ContinuousClock.now + timeout
    while true {
      switch session.next() {
      case .read:
        if let bytes = await receive(from: client, until: deadline) {
          session.receive(bytes)
        } else if Task.isCancelled {
          return
        } else {
          session.timeOut()
        }
      case .write:
        if await !sendAll(session.takeOutput(), to: client) || Task.isCancelled { return }
        deadline = .now + timeout
      case .pause(let time):
        // Without an interest, epoll still reports a client that is gone.
        if await reactor.ready(client, EPOLL_EVENTS(0), until: .now + time) { return }
      case .finish: return
      }
    }
  }

  /// Waits for bytes. No bytes means that the client has finished or is gone; `nil` means that
  /// nothing arrived in time, or that the task was canceled.
  static func receive(
    from client: Int32, until deadline: ContinuousClock.Instant
  ) async -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      if count != -1 || errno != EAGAIN { return buffer.prefix(max(0, count)) }
      if await !reactor.readable(client, until: deadline) { return nil }
    }
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
