// expect: twenty clients get answers, but from more than one thread
import CLinux
import Glibc

@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let reactor = Reactor()

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    reactor.run(listener)
  }

  static func start(_ client: Int32) {
    Task {
      await serve(client)
      close(client)
    }
  }

  static func serve(_ client: Int32) async {
    var session = Session(delay: delay)
    while true {
      switch session.next() {
      case .read: session.receive(await receive(from: client))
      case .write: if await !sendAll(session.takeOutput(), to: client) { return }
      case .pause(let time): try? await Task.sleep(for: time)
      case .finish: return
      }
    }
  }

  /// Waits for bytes. No bytes means that the client has finished or is gone.
  static func receive(from client: Int32) async -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      if count != -1 || errno != EAGAIN { return buffer.prefix(max(0, count)) }
      await reactor.ready(client, EPOLLIN)
    }
  }

  /// Sends every byte. Returns false if the client is gone.
  static func sendAll(_ bytes: [UInt8], to client: Int32) async -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count == -1 && errno != EAGAIN { return false }
      if count == -1 { await reactor.ready(client, EPOLLOUT) }
      rest = rest.dropFirst(max(0, count))
    }
    return true
  }
}
