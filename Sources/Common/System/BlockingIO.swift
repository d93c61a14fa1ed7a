import Glibc
import Tracing

// snippet: blocking
/// The outcome of a blocking wait for bytes.
public enum ReadResult: Sendable {
  /// This many bytes; 0 means that the peer has finished sending.
  case bytes(Int)
  case timedOut
  case stopping
}

extension Socket {
  /// Blocks until bytes have arrived in the buffers' input, the deadline has passed, or a stop is
  /// requested: poll(2), then recv(2). It also updates the buffers' time.
  ///
  /// A deadline that passed before the call takes precedence over input. Otherwise a peer that
  /// never stops sending could delay the end of a lingering close forever.
  /// - Parameter stop: `nil` if a stop must not interrupt the wait.
  /// - Throws: the error of recv(2) that ended the connection, `ECONNRESET` if the peer hung up.
  public func receive(
    into buffers: inout IOBuffers, until deadline: Instant, unless stop: StopSignal? = nil
  ) throws(SystemError) -> ReadResult {
    if deadline < buffers.now { return .timedOut }
    defer { buffers.tick() }
    while true {
      switch try waitForInput(descriptor.number, until: deadline, unless: stop) {
      case .timedOut: return .timedOut
      case .stopping: return .stopping
      case .ready: if let count = try receive(into: &buffers.input) { return .bytes(count) }
      }
    }
  }

  /// Fills the front of `buffer`, like ``receive(into:)-(UnsafeMutableRawBufferPointer)``.
  /// - Throws: the error of recv(2) that ended the connection, `ECONNRESET` if the peer hung up.
  @inline(__always)
  public func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    let number = descriptor.number
    return try attempt("recv", .read, number) { recv(number, &buffer, buffer.count, 0) }
  }

  /// Blocks until `deadline`.
  /// - Throws: `ECONNRESET` as soon as the peer hangs up: no answer can reach it any more, and
  ///   other clients need the thread.
  public func pause(until deadline: Instant) throws(SystemError) {
    // No event is requested, so only a reset, or the end in both directions, ends the wait early.
    if case .ready = try wait(descriptor.number, for: 0, until: deadline, unless: nil) {
      throw SystemError(call: "poll", code: ECONNRESET)
    }
  }

  /// Sends the output of `buffers`, and empties it; see ``sendAll(_:timeout:)-([UInt8],_)``.
  /// - Throws: what that throws.
  public func sendAll(_ buffers: inout IOBuffers, timeout: Duration) throws(SystemError) {
    defer { buffers.output.removeAll() }
    try buffers.output.withUnsafeBytes { bytes throws(SystemError) in
      try sendAll(bytes, timeout: timeout)
    }
  }

  /// Blocks until the kernel has taken all bytes.
  /// - Parameter timeout: how long the peer may go without taking any byte.
  /// - Throws: `ETIMEDOUT` if the peer took nothing for that long; `EPIPE` or `ECONNRESET` if it
  ///   hung up.
  public func sendAll(
    _ bytes: [UInt8], timeout: Duration = .seconds(60)
  ) throws(SystemError) {
    try bytes.span.withUnsafeBytes { bytes throws(SystemError) in
      try sendAll(bytes, timeout: timeout)
    }
  }

  /// Calls send(2) until the kernel has taken everything. A call returns early, with less or with
  /// `EAGAIN`, for two reasons: a signal interrupted it, so we just continue; or the time of
  /// ``Listener/setSendTimeout(_:)`` is over, so we check whether the peer still takes bytes.
  private func sendAll(
    _ bytes: UnsafeRawBufferPointer, timeout: Duration
  ) throws(SystemError) {
    var rest = bytes
    var progress: SendProgress?
    while true {
      let sent = try send(rest) ?? 0
      if sent == rest.count { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
      let now = Instant.now
      if sent > 0 || progress == nil { progress = SendProgress(self, at: now) }
      _ = try progress?.nextLook(self, timeout: timeout, at: now)
    }
  }
}

extension Listener {
  /// Makes a blocking send(2) on an accepted socket return several times within `timeout`
  /// (socket(7) `SO_SNDTIMEO`, which the sockets inherit). It has no effect on a non-blocking
  /// socket.
  /// - Throws: the error of setsockopt(2); the listener cannot be used.
  public func setSendTimeout(_ timeout: Duration) throws(SystemError) {
    // Zero would mean forever.
    let microseconds = max(1, Int(SendProgress.interval(timeout).nanoseconds / 1000))
    let time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    try check("setsockopt") {
      withUnsafePointer(to: time) {
        let size = socklen_t(MemoryLayout<timeval>.size)
        return setsockopt(descriptor.number, SOL_SOCKET, SO_SNDTIMEO, $0, size)
      }
    }
  }

  /// Blocks until a client connects; returns its socket, which is blocking, or `nil` when a stop is
  /// requested. Clients that are still in the backlog at that time are not accepted.
  ///
  /// The listener itself is non-blocking. If a client hung up between poll(2) and accept4(2), a
  /// blocking listener would wait there for the next client and miss a stop.
  /// - Throws: the error that ended the listener. After any other error (`EMFILE`: no descriptor is
  ///   left) it pauses and tries again; the clients stay in the backlog until others have left.
  public func accept(unless stop: StopSignal) throws(SystemError) -> Socket? {
    var isPausing = false
    while true {
      // poll(2) ignores a negative descriptor, so only a stop ends a pause early.
      let (number, deadline) =
        isPausing ? (-1, .now + Self.pause) : (descriptor.number, .distantFuture)
      if case .stopping = try waitForInput(number, until: deadline, unless: stop) { return nil }
      do {
        if let socket = try accept() { return socket }
        isPausing = false
      } catch  where !error.endsListener {
        isPausing = true
      }
    }
  }

  /// How long a server pauses if it cannot accept clients.
  static let pause = Duration.milliseconds(50)
}

private enum Wait { case ready, timedOut, stopping }

private func waitForInput(
  _ number: Int32, until deadline: Instant, unless stop: StopSignal?
) throws(SystemError) -> Wait {
  try Trace.span(.wait, number) { () throws(SystemError) in
    try wait(number, for: POLLIN, until: deadline, unless: stop)
  }
}

/// Waits with poll(2) for one descriptor and for the stop signal. If both are ready, the stop
/// counts.
private func wait(
  _ number: Int32, for events: Int32, until deadline: Instant, unless stop: StopSignal?
) throws(SystemError) -> Wait {
  var descriptors = (
    pollfd(fd: number, events: Int16(events), revents: 0),
    pollfd(fd: stop?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
  )
  while true {
    let count = withUnsafeMutableBytes(of: &descriptors) {
      poll($0.baseAddress!.assumingMemoryBound(to: pollfd.self), 2, deadline.timeout())
    }
    if count == -1 && errno != EINTR { throw SystemError(call: "poll") }
    if count > 0 { return descriptors.1.revents != 0 ? .stopping : .ready }
    if count == 0 { return .timedOut }
  }
}
// snippet: end
