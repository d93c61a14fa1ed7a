import Glibc

@main
struct Server {
  // A signal handler can do little more than set a variable: signal-safety(7).
  nonisolated(unsafe) static var isStopping = false
  static let workers = option("--workers").flatMap { Int($0) } ?? 10
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)

  static func main() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Server.isStopping = true }
    sigaction(SIGTERM, &action, nil)
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    let queue = Queue()
    for _ in 1...workers {
      startThread {
        while true {
          if let client = queue.pop() {
            serve(client)
            close(client)
          } else {
            usleep(1000)
          }
        }
      }
    }
    print("listening on http://127.0.0.1:\(port)")
    while !isStopping {
      let client = accept(listener, nil, nil)
      if client == -1 { continue }
      queue.push(client)
    }
  }

  static func openListener(_ port: UInt16) -> Int32 {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian  // 127.0.0.1
    let bound = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if bound == -1 || listen(listener, 128) == -1 {
      perror("cannot listen on port \(port)")
      exit(1)
    }
    return listener
  }

  static func serve(_ client: Int32) {
    var session = Session(delay: delay)
    var deadline = ContinuousClock.now + timeout
    while true {
      switch session.next() {
      case .read:
        if wait(for: POLLIN, client, until: deadline) {
          receive(from: client, into: &session)
        } else {
          session.timeOut()
        }
      case .write:
        if !sendAll(session.takeOutput(), to: client) || isStopping { return }
        deadline = .now + timeout
      case .pause(let time): sleep(until: .now + time)
      case .finish: return
      }
    }
  }

  static func receive(from client: Int32, into session: inout Session) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(client, &buffer, buffer.count, 0)
    session.receive(buffer.prefix(max(0, count)))
  }
}
