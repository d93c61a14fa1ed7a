// expect: A was only slow
import Glibc

// A server with one thread that never waits for a client: it asks each of them in turn.
@main
struct Server {
  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    setNonBlocking(listener)
    var clients: [Int32] = []
    while true {
      let client = accept(listener, nil, nil)
      if client != -1 {
        setNonBlocking(client)
        clients.append(client)
      }
      clients.removeAll { isDone($0) }
    }
  }

  /// Answers a client that has sent something. Returns true if the connection is closed.
  static func isDone(_ client: Int32) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = recv(client, &buffer, buffer.count, 0)

    if count > 0 {
      let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
      send(client, response, response.count, Int32(MSG_NOSIGNAL))
    }
    close(client)
    return true
  }
}
