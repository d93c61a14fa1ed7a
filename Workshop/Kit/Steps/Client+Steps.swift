import Glibc

/// What the checks of the steps need from a client. No call waits for longer than the program works: when all
/// of its threads are blocked and nothing is on its way, then nothing will come.
extension Client {
  /// What a client gets from the server.
  public enum Received: Sendable {
    case reply(Reply)
    /// The server closed the connection, or reset it; before that came these bytes, which are no reply.
    case end([UInt8])
    case reset([UInt8])
    /// The connection is open, and nothing more comes.
    case nothing([UInt8])
  }

  /// Waits for a reply, the end of the connection, or the moment from which nothing more will come.
  /// - Parameter patience: how long the program must have been idle. Give more if it waits on purpose.
  public func receive(patience: Duration = .milliseconds(500)) -> Received {
    while true {
      if let reply = Reply(from: &input) {
        Events.add("\(name) receives \(reply.status) with \(show(reply.body))")
        return .reply(reply)
      }
      switch read(patience) {
      case .bytes: continue
      case .end: return .end(input)
      case .reset: return .reset(input)
      case .nothing: return .nothing(input)
      }
    }
  }

  /// Reads a reply, and fails if what comes is not this one.
  /// - Parameters:
  ///   - body: `nil` if any will do.
  ///   - problem: names the mistake, ``fail(_:_:expected:happened:)``'s first line.
  @discardableResult
  public func expectReply(
    _ status: Int = 200, body: String? = nil, patience: Duration = .milliseconds(500),
    _ problem: String, _ why: String = ""
  ) -> Reply {
    let received = receive(patience: patience)
    if case .reply(let reply) = received, reply.status == status, body ?? reply.body == reply.body {
      return reply
    }
    let wanted = "\(name) gets \(status)" + (body.map { " with \(show($0))" } ?? "")
    fail(problem, why, expected: wanted, happened: describe(received))
  }

  /// Waits until the server closes the connection. A reset is not an end: it destroys what is on its way.
  public func expectEnd(
    patience: Duration = .milliseconds(500), _ problem: String, _ why: String = ""
  ) {
    let received = receive(patience: patience)
    if case .end(let rest) = received, rest.isEmpty { return }
    fail(
      problem, why, expected: "the server closes the connection to \(name)",
      happened: describe(received))
  }

  /// Lets the program do all it can, and fails if that reaches this client: bytes, or an end.
  public func expectNothing(_ problem: String, _ why: String = "") {
    settle()
    let received = receive(patience: .milliseconds(5))
    if case .nothing(let rest) = received, rest.isEmpty { return }
    fail(
      problem, why, expected: "nothing comes to \(name), and the connection stays open",
      happened: describe(received))
  }

  /// Returns when all that this client sent has arrived and the program does nothing more.
  public func settle() {
    var pending: Int32 = 0
    Waiting.until("the kernel to deliver what \(name) sent") {
      ioctl(descriptor, UInt(0x5411), &pending) == -1 || pending == 0  // SIOCOUTQ
    }
    program?.settle()
  }

  /// Reads until this many bytes came in all, or no more come, and takes them.
  public func bytes(_ count: Int, patience: Duration = .milliseconds(500)) -> [UInt8] {
    while input.count < count, read(patience) == .bytes {}
    defer { input.removeFirst(min(count, input.count)) }
    return Array(input.prefix(count))
  }

  /// Reads until the connection ends, or no more comes, and takes it all.
  public func rest(patience: Duration = .milliseconds(500)) -> String {
    while read(patience) == .bytes {}
    defer { input = [] }
    return String(decoding: input, as: UTF8.self)
  }

  /// Says that it will send no more, and still reads: shutdown(2).
  public func finishSending() {
    Events.add("\(name) finishes sending")
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Disappears: the server's next send or receive meets a reset.
  public func reset() {
    Events.add("\(name) resets the connection")
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    // Another descriptor takes the number, so `deinit` closes nothing that belongs to another client.
    let placeholder = open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(placeholder, descriptor)
    close(placeholder)
  }

  /// What came, in words, for a failure.
  public func describe(_ received: Received) -> String {
    let (text, bytes): (String, [UInt8]) =
      switch received {
      case .reply(let reply): ("\(name) got \(reply.status) with \(show(reply.body))", [])
      case .end(let bytes): ("the server closed the connection to \(name)", bytes)
      case .reset(let bytes): ("the connection to \(name) was reset", bytes)
      case .nothing(let bytes): ("nothing more came to \(name)", bytes)
      }
    let lines = [bytes.isEmpty ? text : "\(text); before that came \(show(bytes))"]
    guard let program, !program.isRunning else { return lines[0] }
    return (lines + ["the program ended: \(program.endDescription)"]).joined(separator: "\n")
  }

  private enum Outcome { case bytes, end, reset, nothing }

  private func read(_ patience: Duration) -> Outcome {
    let clock = ContinuousClock()
    // A program that spins is never idle.
    let limit = clock.now + patience + .seconds(3)
    var (last, since) = (program?.activity, clock.now)
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count == 0 { return .end }
      if count > 0 {
        input += chunk[..<count]
        return .bytes
      }
      if errno != EAGAIN && errno != EINTR { return .reset }
      // If nothing moved since the last look, and there is nothing to read now, this is the silence.
      let current = program?.activity
      if current == nil || current != last { (last, since) = (current, clock.now) }
      if last != nil && clock.now - since >= patience || clock.now > limit { return .nothing }
      Waiting.for("a reply to \(name)") {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, 2)
      }
    }
  }

  static func isRefused(port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    return connect(descriptor, port) == -1 && errno == ECONNREFUSED
  }
}
