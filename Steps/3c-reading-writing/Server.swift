// One thread, and it waits in one place only, for all clients at once: in `epoll_wait`.
@main
struct Server {
  static func main() {
    var loop = EventLoop(listen())
    loop.run()
  }
}
