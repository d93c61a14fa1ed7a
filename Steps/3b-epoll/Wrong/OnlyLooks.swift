// expect: A is silent, but the server uses the CPU all the time
import CLinux
import Glibc

// A server with one thread that waits in a single place, for all clients at once: in `epoll_wait`.
@main
struct Server {
  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    let poller = epoll_create1(0)
    watch(listener, poller)
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), 0)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal arrived (EINTR).
        if event.data.fd == listener {
          acceptClient(listener, poller)
        } else {
          answer(event.data.fd)
        }
      }
    }
  }

  static func acceptClient(_ listener: Int32, _ poller: Int32) {
    let client = accept(listener, nil, nil)
    if client == -1 { return }
    watch(client, poller)
  }

  /// Tells the kernel to report this socket's events, with the socket's number in each of them.
  static func watch(_ socket: Int32, _ poller: Int32) {
    setNonBlocking(socket)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = socket
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)
  }

  static func answer(_ client: Int32) {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(client, &buffer, buffer.count, 0)
    if count == -1 && errno == EAGAIN { return }
    if count > 0 {
      let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
      send(client, response, response.count, Int32(MSG_NOSIGNAL))
    }
    close(client)  // epoll removes a closed socket by itself.
  }
}
