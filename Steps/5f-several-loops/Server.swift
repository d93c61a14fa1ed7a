import Glibc

// A server with a loop per core, each on its own thread and with its own clients.
@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let limit = option("--clients").flatMap { Int($0) } ?? 1000
  static let loops = max(1, option("--loops").flatMap { Int($0) } ?? cores)
  static let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    let inboxes = (0..<loops).map { _ in Inbox() }
    let registry = MutexRegistry()
    for inbox in inboxes.dropFirst() {
      startThread {
        var loop = EventLoop(inbox, registry)
        loop.run()
      }
    }
    var first = EventLoop(inboxes[0], registry)
    first.accept(from: listener, for: inboxes)
    print("listening on http://127.0.0.1:\(port)")
    first.run()
  }
}
