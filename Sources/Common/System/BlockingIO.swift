import Glibc
import Tracing

/// What ended a blocking wait for bytes.
public enum ReadResult: Sendable {
  /// So many bytes; 0 says that the peer has finished sending.
  case bytes(Int)
  case timedOut
  case stopping
}

extension Socket {
  /// Blocks until bytes have arrived in the buffers's input, the deadline is over, or a stop is requested; poll(2), then
  /// recv(2). The buffers's clock goes on.
  /// - Parameter stop: `nil` where a stop shall not interrupt the wait.
  public func receive(
    into buffers: inout IOBuffers, until deadline: Instant, unless stop: StopSignal?
  ) throws(SystemError) -> ReadResult {
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
  @inline(__always)
  public func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    let number = descriptor.number
    return try attempt("recv", .read, number) { recv(number, &buffer, buffer.count, 0) }
  }

  /// Sends the buffers's answers, and empties it; see ``sendAll(_:)``.
  public func sendAll(_ buffers: inout IOBuffers) throws(SystemError) {
    defer { buffers.output.removeAll() }
    try buffers.output.withUnsafeBytes { bytes throws(SystemError) in try sendAll(bytes) }
  }

  /// Blocks until the kernel has taken all bytes. Throws `ETIMEDOUT` where it could not within the listener's
  /// send timeout: send(2) then returns fewer than it was given (socket(7) `SO_SNDTIMEO`).
  public func sendAll(_ bytes: [UInt8]) throws(SystemError) {
    try bytes.span.withUnsafeBytes { bytes throws(SystemError) in try sendAll(bytes) }
  }

  private func sendAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    guard try send(bytes) == bytes.count else { throw SystemError(call: "send", code: ETIMEDOUT) }
  }
}

extension Listener {
  /// How long a blocking ``Socket/sendAll(_:)`` of an accepted socket may take. Sockets inherit it.
  public func setSendTimeout(_ timeout: Duration) throws(SystemError) {
    let microseconds = max(1, Int(timeout.nanoseconds / 1000))  // Zero would mean for ever.
    let time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    try check("setsockopt") {
      withUnsafePointer(to: time) {
        let size = socklen_t(MemoryLayout<timeval>.size)
        return setsockopt(descriptor.number, SOL_SOCKET, SO_SNDTIMEO, $0, size)
      }
    }
  }

  /// Blocks until a client is there; `nil` once a stop is requested.
  ///
  /// Where the process may open no more descriptors (`EMFILE`), the client waits in the backlog until
  /// others have gone.
  public func accept(unless stop: StopSignal) throws(SystemError) -> Socket? {
    while true {
      guard
        case .ready = try waitForInput(descriptor.number, until: .distantFuture, unless: stop)
      else { return nil }
      do {
        if let socket = try accept() { return socket }
      } catch  where !error.endsListener {
        let pause = Instant.now + .milliseconds(20)
        if case .stopping = try waitForInput(-1, until: pause, unless: stop) { return nil }
      }
    }
  }
}

private enum Wait { case ready, timedOut, stopping }

/// poll(2) for input on one descriptor (a negative one is ignored) and on the stop signal. Input comes first.
private func waitForInput(
  _ number: Int32, until deadline: Instant, unless stop: StopSignal?
) throws(SystemError) -> Wait {
  var descriptors = (
    pollfd(fd: number, events: Int16(POLLIN), revents: 0),
    pollfd(fd: stop?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
  )
  while true {
    let count = Trace.span(.wait, number) {
      withUnsafeMutableBytes(of: &descriptors) {
        poll($0.baseAddress!.assumingMemoryBound(to: pollfd.self), 2, deadline.timeout())
      }
    }
    if count == -1 && errno != EINTR { throw SystemError(call: "poll") }
    if count > 0 { return descriptors.0.revents != 0 ? .ready : .stopping }
    if count == 0 { return .timedOut }
  }
}
