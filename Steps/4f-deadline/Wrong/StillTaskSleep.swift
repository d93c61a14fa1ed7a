// expect: A is gone, but the server still waits for its backend
import CLinux
import Glibc

@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let reactor = Reactor()

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    reactor.run(listener)
  }

  static func start(_ client: Int32) {
    Task(executorPreference: reactor.executor) {
      await serve(client)
      close(client)
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
        } else {
          session.timeOut()
        }
      case .write:
        if await !sendAll(session.takeOutput(), to: client) { return }
        deadline = .now + timeout
      case .pause(let time):
        try? await Task.sleep(for: time)
      case .finish: return
      }
    }
  }

  /// Waits for bytes. No bytes means that the client has finished or is gone; `nil` means that
  /// nothing arrived in time.
  static func receive(
    from client: Int32, until deadline: ContinuousClock.Instant
  ) async -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      if count != -1 || errno != EAGAIN { return buffer.prefix(max(0, count)) }
      if await !reactor.ready(client, EPOLLIN, until: deadline) { return nil }
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
