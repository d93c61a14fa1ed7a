import TestSupport

@testable import Common
@testable import WireProtocols

/// A session and the driver around it, in a world in which time passes only when the test says so.
/// The session's number is 7, and the only other client of `/ws` has the number 8.
final class Peer {
  /// The start of virtual time.
  static let start = Instant(nanoseconds: 1_000_000_000_000)

  var session: Session
  var buffers = IOBuffers()
  /// Everything that was written, and the size of each write.
  private(set) var output: [UInt8] = []
  private(set) var writes: [Int] = []
  /// What the session asked of the driver, apart from reading and writing.
  private(set) var orders: [String] = []
  /// When the session stops waiting for bytes.
  private(set) var deadline: Instant?

  init(_ service: HelloService) {
    session = Session(service)
    (buffers.now, buffers.output.date) = (Peer.start, HTTPDate(secondsSince1970: 0))
    run()
  }

  convenience init(_ change: (inout ServerOptions) -> Void = { _ in }) {
    var options = ServerOptions()
    change(&options)
    self.init(HelloService(name: "test", options: options))
  }

  /// The input that the session keeps.
  var kept: [UInt8] {
    switch session.state {
    case .idle: []
    case .request(let pending): pending.input.bytes
    case .webSocket(let webSocket): webSocket.connection.input.bytes
    }
  }

  var hasFinished: Bool { orders.last == "finish" }
  /// How long the session will wait for bytes from now on.
  var patience: Duration? { deadline.map { $0 - now } }

  func send(_ bytes: [UInt8]) {
    guard !hasFinished else { return }
    receive(bytes)
    run()
  }

  /// Gives the session bytes without asking what it wants next.
  func receive(_ bytes: [UInt8]) {
    buffers.input = bytes
    session.receive(bytes.count, &buffers)
  }

  private var now: Instant { buffers.now }

  func send(_ text: String) { send(bytes(text)) }

  /// Ends the peer's stream.
  func end() { send([]) }

  func stop() {
    session.stop()
    run()
  }

  /// Lets time pass; deadlines fire when they are due.
  func wait(_ time: Duration) {
    let end = now + time
    while let deadline, deadline <= end {
      buffers.now = deadline
      session.timeOut()
      run()
    }
    buffers.now = end
  }

  /// Does what the session wants until it wants bytes. If a deadline has already passed, the
  /// session asks for the bytes that are there, and there are none.
  func run() {
    deadline = nil
    while !hasFinished {
      switch session.next(&buffers) {
      case .read(let until):
        if until <= now && session.isStopping {
          session.timeOut()
          continue
        }
        deadline = until
        return
      case .write:
        output += buffers.output.bytes
        writes.append(buffers.output.count)
        buffers.output.removeAll()
      case .pause(let time):
        buffers.now = now + time
        orders.append("pause \(time)")
      case .burn(let time): orders.append("burn \(time)")
      case .deliver(let command): deliver(command)
      case .halfClose: orders.append("half-close")
      case .finish: orders.append("finish")
      }
    }
  }

  private func deliver(_ command: Command) {
    switch command {
    case .join:
      orders.append("join")
      session.joined(as: 7)
    case .broadcast(let frame):
      orders.append("broadcast")
      session.enqueue(frame)
    case .send(let frame, to: 7): session.enqueue(frame)
    case .send(let frame, to: 8): orders.append("to 8: \(Replies.lines(frame).joined())")
    case .send(_, let id): session.noClient(id)
    case .subscribe(let topic): orders.append("subscribe \(topic)")
    case .unsubscribe(let topic): orders.append("unsubscribe \(topic)")
    case .publish(_, let topic): orders.append("publish \(topic)")
    case .report: session.reported("")
    }
  }

  /// Returns what was written since the last call, as ``Replies`` reads it.
  func replies() -> [String] {
    defer { output = [] }
    return Replies.lines(output)
  }
}
