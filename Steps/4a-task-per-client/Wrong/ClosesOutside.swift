// expect: B's connection is closed before B is served
import Glibc

@main
struct Server {
  // A signal handler can do little more than set a variable: signal-safety(7).
  nonisolated(unsafe) static var isStopping = false
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)

  static func main() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Server.isStopping = true }
    sigaction(SIGTERM, &action, nil)
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    while !isStopping {
      let client = accept(listener, nil, nil)
      if client == -1 { continue }
      start(client)
    }
  }

  static func start(_ client: Int32) {
    Task { serve(client) }
    close(client)
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
