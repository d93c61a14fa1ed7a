import Common

// snippet: echo
@main
struct EpollEcho {
  static let name = "epoll-echo"

  static func main() {
    startOrExit(name) {
      var options = ServerOptions()
      ServerOptions.commandLine.parseOrExit(
        program: name, summary: "Raw TCP: every byte comes back. Try nc.", into: &options)
      let stop = try StopSignal.onSignals(grace: options.grace)
      try runEchoServer(openListener(name, options), stop)
    }
  }
}

/// Runs the smallest server on an event loop: a token per client and nothing else, like the echo
/// example of Rust's mio.
private func runEchoServer(_ listener: consuming Listener, _ stop: StopSignal) throws(SystemError) {
  let poller = try Poller()
  let acceptor = try Acceptor(listener, poller)
  try poller.register(stop.descriptor, token: .loop, interest: .readable)
  acceptor.announce(EpollEcho.name)
  var events = ReadyEvents()
  var timers = Timers()
  let clients = Slab<EchoClient>()
  while !stop.isRequested {
    try poller.wait(for: &events, until: timers.earliest)
    if timers.removeDue(at: .now) != nil { try acceptor.reopen(poller) }
    for index in 0..<events.count {
      let token = events[index].token
      if token == acceptor.token, let socket = try acceptor.accept(poller, &timers) {
        let number = socket.descriptor.number
        let client = EchoClient(socket, clients.makeToken(for: number))
        // Both interests, once and for all: with an edge trigger, unneeded interest costs nothing.
        // If registering fails, the client is dropped.
        let interest: Interest = [.readable, .writable]
        if (try? poller.register(number, token: client.token, interest: interest)) != nil {
          clients.insert(client)
        }
      } else if clients[token]?.isDone() == true {
        clients.remove(token)  // Releases the last reference: closes the socket.
      }
    }
  }
}

private final class EchoClient: Registered {
  let token: Token
  private let socket: Socket
  private var buffer = [UInt8](repeating: 0, count: 16 * 1024)
  /// The range of the buffer that is not sent yet.
  private var pending = 0..<0

  init(_ socket: consuming Socket, _ token: Token) {
    self.socket = socket
    self.token = token
  }

  /// Echoes until the kernel has no more bytes for us, or no more room; returns true at the end of
  /// the stream, or after an error.
  ///
  /// It reads nothing while an echo is pending. A client that does not read its echo is not read
  /// from either, so the buffer never grows.
  func isDone() -> Bool {
    do throws(SystemError) {
      while true {
        while !pending.isEmpty {
          // On a non-blocking socket, a short write is normal: code that expects one `send` to take
          // everything loses the rest.
          guard let sent = try socket.send(buffer, pending) else { return false }
          pending = pending.lowerBound + sent..<pending.upperBound
        }
        guard let count = try socket.receive(into: &buffer) else { return false }
        if count == 0 { return true }
        pending = 0..<count
      }
    } catch {
      return true
    }
  }
}
// snippet: end
