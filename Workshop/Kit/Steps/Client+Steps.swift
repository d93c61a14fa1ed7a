import Glibc

/// The parts of a client that only the checks of the steps use. Every call stops waiting when the
/// program stops working: once all of the program's threads are blocked and no bytes are on their
/// way, nothing more will arrive.
extension Client {
  /// The outcome of waiting for a reply.
  public enum Received: Sendable {
    case reply(Reply)
    /// The server closed or reset the connection. The bytes arrived before that and are not a
    /// complete reply.
    case end([UInt8])
    case reset([UInt8])
    /// The connection is open, but nothing more arrives.
    case nothing([UInt8])
  }

  /// Waits for a reply, for the end of the connection, or until it is clear that nothing more will
  /// arrive.
  /// - Parameter patience: how long the program must have been idle. Use a longer time if the
  ///   program waits on purpose.
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

  /// Reads a reply. Fails if something else arrives.
  /// - Parameters:
  ///   - body: `nil` if any body will do.
  ///   - problem: names the mistake; the first line of ``fail(_:_:expected:happened:)``.
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

  /// Waits until the server closes the connection. A reset does not count: it destroys bytes that
  /// are still on their way.
  public func expectEnd(
    patience: Duration = .milliseconds(500), _ problem: String, _ why: String = ""
  ) {
    let received = receive(patience: patience)
    if case .end(let rest) = received, rest.isEmpty { return }
    fail(
      problem, why, expected: "the server closes the connection to \(name)",
      happened: describe(received))
  }

  /// Waits until the program is idle. Fails if any bytes, or the end of the connection, reach this
  /// client.
  public func expectNothing(_ problem: String, _ why: String = "") {
    settle()
    let received = receive(patience: .milliseconds(5))
    if case .nothing(let rest) = received, rest.isEmpty { return }
    fail(
      problem, why, expected: "\(name) gets nothing, and the connection stays open",
      happened: describe(received))
  }

  /// Whether there is something to read: bytes, or the end of the connection.
  public var hasInput: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return !input.isEmpty || poll(&entry, 1, 0) == 1
  }

  /// Returns once everything that this client sent has arrived and the program is idle.
  public func settle() {
    var pending: Int32 = 0
    Waiting.until("the kernel to deliver what \(name) sent") {
      ioctl(descriptor, UInt(0x5411), &pending) == -1 || pending == 0  // SIOCOUTQ
    }
    program?.settle()
  }

  /// Removes and returns this many bytes. Waits until they have arrived, or until nothing more
  /// arrives.
  public func bytes(_ count: Int, patience: Duration = .milliseconds(500)) -> [UInt8] {
    while input.count < count, read(patience) == .bytes {}
    defer { input.removeFirst(min(count, input.count)) }
    return Array(input.prefix(count))
  }

  /// Removes and returns everything that arrives until the connection ends or nothing more comes.
  public func rest(patience: Duration = .milliseconds(500)) -> String {
    while read(patience) == .bytes {}
    defer { input = [] }
    return String(decoding: input, as: UTF8.self)
  }

  /// Finishes sending but keeps reading: shutdown(2).
  public func finishSending() {
    Events.add("\(name) finishes sending")
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Closes its socket. From then on, its kernel answers incoming bytes with a reset.
  public func leave() {
    Events.add("\(name) closes its socket")
    giveUpDescriptor()
  }

  /// Vanishes: the server's next send or receive fails with a reset.
  public func reset() {
    Events.add("\(name) resets the connection")
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    giveUpDescriptor()
  }

  private func giveUpDescriptor() {
    // A placeholder takes over the number, so that `deinit` does not close another client's
    // descriptor.
    let placeholder = open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(placeholder, descriptor)
    close(placeholder)
  }

  /// Describes what a client received, for a failure message.
  public func describe(_ received: Received) -> String {
    let (text, bytes): (String, [UInt8]) =
      switch received {
      case .reply(let reply): ("\(name) got \(reply.status) with \(show(reply.body))", [])
      case .end(let bytes): ("the server closed the connection to \(name)", bytes)
      case .reset(let bytes): ("the connection to \(name) was reset", bytes)
      case .nothing(let bytes): ("\(name) got nothing more", bytes)
      }
    let lines = [
      refusal
        ?? (bytes.isEmpty
          ? text
          : "\(text); before that, \(name) got \(show(bytes))")
    ]
    guard let program, !program.isRunning else { return lines[0] }
    return (lines + ["the program ended: \(program.endDescription)"]).joined(separator: "\n")
  }

  private enum Outcome { case bytes, end, reset, nothing }

  private func read(_ patience: Duration) -> Outcome {
    let clock = ContinuousClock()
    // A program that spins is never idle, so there must be a limit.
    let limit = clock.now + patience + .seconds(3)
    var (last, since) = (program?.activity, clock.now)
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    // If the acknowledgment were delayed by 40 ms, the server's next small response would be, too
    // (Nagle's algorithm).
    var yes: Int32 = 1
    while true {
      setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, &yes, socklen_t(MemoryLayout<Int32>.size))
      let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      if count == 0 { return .end }
      if count > 0 {
        input += chunk[..<count]
        return .bytes
      }
      if errno != EAGAIN && errno != EINTR { return .reset }
      // If no thread has run since the last check, and there is still nothing to read, nothing more
      // will arrive.
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
