// A server with one thread that waits in a single place, for all clients at once: in `epoll_wait`.
@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let limit = option("--clients").flatMap { Int($0) } ?? 1000

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    var loop = EventLoop(openListener(port))
    print("listening on http://127.0.0.1:\(port)")
    loop.run()
  }
}
