// Chapter 2: blocking one of N threads.
//
// `serve` is chapter 1's, word for word. Around it, the main thread only accepts, and hands each
// client to one of ten worker threads through a bounded queue. Ten clients are served at a time;
// the eleventh waits. A blocked thread does no harm while another one is free.

import CommandLineOptions
import Common
import Dispatch

// snippet: accept
@main
final class ThreadPool: Sendable {
  static let name = "02-ThreadPool"

  static func main() {
    startOrExit(name) {
      var options = PoolOptions()
      PoolOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 2: a pool of threads, one client each.", into: &options)
      let pool = try ThreadPool(options)
      let listener = try openListener(name, options.server)
      listener.announce(name)
      while let socket = try listener.accept(unless: pool.stop) {
        pool.submit(Connection(socket, pool.service))
      }
      pool.queue.close()
      pool.active.wait()  // Every client that was taken is served to its end.
    }
  }

  let options: PoolOptions
  let stop: StopSignal
  let service: HelloService
  let registry = Registry()
  let queue: BoundedQueue<Connection>
  /// The clients that are being served or are waiting in the queue.
  let active = DispatchGroup()
  /// How many more clients the pool takes before it refuses one.
  let room: DispatchSemaphore

  init(_ options: PoolOptions) throws {
    (self.options, queue) = (options, BoundedQueue(capacity: options.queue))
    stop = try StopSignal.onSignals(grace: options.server.grace)
    service = HelloService(name: Self.name, options: options.server)
    room = DispatchSemaphore(value: options.workers + options.queue)
    for number in 1...options.workers where options.pool == .handmade {
      try spawnThread(named: "worker \(number)") { [self] in
        while let client = queue.pop() { run(client) }
      }
    }
  }

  /// Takes a client, or refuses it: there is no room for it, or no thread can be started.
  func submit(_ client: Connection) {
    let mayRefuse = options.whenFull == .refuse
    if mayRefuse && room.wait(timeout: .now()) == .timedOut { return client.refuse() }
    active.enter()
    if options.pool == .handmade && queue.push(client) { return }
    do { try spawnThread(named: "client") { self.run(client) } } catch {
      client.refuse()
      leave()
    }
  }

  func run(_ client: Connection) {
    var buffers = IOBuffers(inputSize: 16 * 1024)
    // An error ends this connection, not the worker.
    do { try serve(client, &buffers) } catch { service.log(client.socket, error) }
    leave()
  }

  func leave() {
    room.signal()
    active.leave()
  }
  // snippet: end

  // snippet: serve
  /// Serves one client, from its first byte to its last.
  func serve(_ client: Connection, _ buffers: inout IOBuffers) throws(SystemError) {
    var session = Session(service)
    defer { if let id = session.clientID { registry.leave(id) } }
    while true {
      buffers.tick()
      if stop.isRequested { session.stop() }
      switch session.next(&buffers) {
      case .read(let deadline):
        let interruption = session.isStopping ? nil : stop
        switch try client.socket.receive(into: &buffers, until: deadline, unless: interruption) {
        case .bytes(let count): session.receive(count, &buffers)
        case .timedOut: session.timeOut()
        case .stopping: continue
        }
      case .write: try client.sendAll(&buffers, isOpen: session.takesFrames)
      case .pause(let time): try client.socket.pause(until: .now + time)
      case .burn(let time): burn(for: time)
      case .deliver(let command): deliver(command, from: client, for: &session)
      case .halfClose: client.socket.shutdownWriting()
      case .finish: return
      }
    }
  }

  func deliver(_ command: Command, from client: Connection, for session: inout Session) {
    switch command {
    case .join: session.joined(as: registry.join(client))
    // The sender's own copy must come after its earlier answers, so the session sends it.
    case .broadcast(let frame):
      registry.broadcast(frame, except: session.clientID)
      session.enqueue(frame)
    case .send(let frame, let id) where id == session.clientID: session.enqueue(frame)
    case .send(let frame, let id): if !registry.send(frame, to: id) { session.noClient(id) }
    case .subscribe, .unsubscribe, .publish, .report: preconditionFailure("chapter 5's")
    }
  }
  // snippet: end
}

// snippet: options
/// The options of this chapter, in addition to those of every server.
struct PoolOptions {
  /// The fate of a client that finds the queue full: the kernel's backlog, or a 503 at once.
  enum WhenFull: String, CaseIterable { case wait, refuse }
  /// The kind of pool: a fixed set of workers around a queue, or a new thread for each client.
  enum Kind: String, CaseIterable {
    case handmade
    case perConnection = "per-connection"
  }

  var server = ServerOptions()
  var (workers, queue) = (10, 1024)
  var (whenFull, pool) = (WhenFull.wait, Kind.handmade)

  static var commandLine: [CommandLineOption<PoolOptions>] {
    let count = OptionValue.number(in: 1...10_000)
    return ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init("--workers", "N", "threads that serve clients (10)", \.workers, count),
      .init("--queue", "N", "clients that may wait for a worker (1024)", \.queue, count),
      .init("--when-full", "wait|refuse", "next client (wait)", \.whenFull, OptionValue.choice),
      .init("--pool", "handmade|per-connection", "threads (handmade)", \.pool, OptionValue.choice),
    ]
  }
}
// snippet: end
