import CLinux
import Glibc

/// Waits for all clients at once, then goes as far as possible with each one that is ready.
struct EventLoop {
  let listener: Int32
  let poller = epoll_create1(0)
  var connections: [Int32: Connection] = [:]

  init(_ listener: Int32) {
    self.listener = listener
    watch(listener)
  }

  mutating func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    while true {
      let count = epoll_wait(poller, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(0, count))) {  // -1: a signal arrived (EINTR).
        if event.data.fd == listener {
          acceptClient()
        } else if let connection = connections[event.data.fd] {
          advance(connection)
        }
      }
    }
  }

  mutating func acceptClient() {
    let client = accept(listener, nil, nil)
    if client == -1 { return }
    connections[client] = Connection(client)
    watch(client)
  }

  /// Tells the kernel to report this socket's events, with the socket's number in each of them.
  func watch(_ socket: Int32) {
    setNonBlocking(socket)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = socket
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)
  }

  mutating func advance(_ connection: Connection) {
    switch connection.state {
    case .reading(var request):
      var buffer = [UInt8](repeating: 0, count: 16 * 1024)
      let count = recv(connection.socket, &buffer, buffer.count, 0)
      if count == -1 && errno == EAGAIN { return }
      if count <= 0 { return close(connection) }
      request += buffer[..<count]
      let isComplete = request.firstRange(of: Array("\r\n\r\n".utf8)) != nil
      connection.state = isComplete ? .writing(response(to: request)) : .reading(request)
      if isComplete { advance(connection) }
    case .writing(let response):
      send(connection.socket, response, response.count, Int32(MSG_NOSIGNAL))
      close(connection)
    }
  }

  /// Drops the last reference, which closes the descriptor; epoll removes a closed socket by
  /// itself.
  mutating func close(_ connection: Connection) { connections[connection.socket] = nil }
}

/// `GET /big` gets 8 MiB, more than any kernel buffer holds.
func response(to request: [UInt8]) -> [UInt8] {
  let isBig = request.starts(with: Array("GET /big ".utf8))
  let body = isBig ? String(repeating: "Hello...", count: 1 << 20) : "Hello"
  return Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
}
