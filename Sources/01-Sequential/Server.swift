// Chapter 1: blocking the only thread.
//
// The whole server is one loop: accept a client, serve it until it leaves, accept the next one.
// Every wait (for a client, for its bytes, for the slow backend) blocks the only thread there is,
// so while one client is served, all others wait in the kernel's backlog. It is the easiest server
// to read, to debug and to get right, and it can do just one thing at a time.

import Common

// snippet: main
@main
struct Sequential: ~Copyable {
  static let name = "01-Sequential"

  static func main() {
    startOrExit(name) {
      var options = ServerOptions()
      ServerOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 1: one thread, one client at a time.", into: &options)
      let stop = try StopSignal.onSignals(grace: options.grace)
      let service = HelloService(name: name, options: options)
      let listener = try openListener(name, options)
      listener.announce(name)
      var server = Sequential(service: service, stop: stop)
      while let client = try listener.accept(unless: stop) {
        // An error ends this connection, not the server.
        do { try server.serve(client) } catch { service.log(client, error) }
      }
    }
  }
  // snippet: end

  // snippet: state
  let service: HelloService
  let stop: StopSignal
  var buffers = IOBuffers()
  var joined = 0
  // snippet: end

  // snippet: serve
  /// Serves one client, from its first byte to its last.
  mutating func serve(_ client: borrowing Socket) throws(SystemError) {
    var session = Session(service)
    while true {
      buffers.tick()
      if stop.isRequested { session.stop() }
      switch session.next(&buffers) {
      case .read(let deadline):
        let interruption = session.isStopping ? nil : stop
        switch try client.receive(into: &buffers, until: deadline, unless: interruption) {
        case .bytes(let count): session.receive(count, &buffers)
        case .timedOut: session.timeOut()
        case .stopping: continue
        }
      case .write: try client.sendAll(&buffers, timeout: service.options.sendTimeout)
      case .pause(let time): try client.pause(until: .now + time)
      case .burn(let time): burn(for: time)
      case .deliver(let command): deliver(command, for: &session)
      case .halfClose: client.shutdownWriting()
      case .finish: return
      }
    }
  }
  // snippet: end

  // snippet: deliver
  /// Carries out a command. There is only one client: a message to any other id has no receiver.
  mutating func deliver(_ command: Command, for session: inout Session) {
    switch command {
    case .join:
      joined += 1
      session.joined(as: joined)
    case .broadcast(let frame): session.enqueue(frame)
    case .send(let frame, let id) where id == session.clientID: session.enqueue(frame)
    case .send(_, let id): session.noClient(id)
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
  }
  // snippet: end
}
