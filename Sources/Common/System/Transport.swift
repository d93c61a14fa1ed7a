import WireProtocols

// snippet: transport
/// A client's socket on an event loop: what it is ready for, what waits to be sent, and when the
/// wait ends.
///
/// No call blocks. If the kernel takes less than it is offered, the rest waits in a queue until an
/// event says that there is room. A client for which nothing waits has no queue.
public struct Transport: ~Copyable {
  /// The socket. Read and write through the transport, which remembers what it is ready for.
  public let socket: Socket
  private let generation: UInt32
  private var queue: WriteQueue?
  /// When the current wait ends.
  public var deadline = Deadline()
  /// What the socket is ready for. It is remembered, because an edge-triggered event is reported
  /// only once.
  public var readiness: Readiness = [.mayRead, .mayWrite]

  /// Takes over a non-blocking socket.
  public init(_ socket: consuming Socket, _ token: Token) {
    self.socket = socket
    generation = token.generation
  }

  /// The client's token for the poller, for timers, and in a ``Slab``.
  public var token: Token {
    Token(index: UInt32(socket.descriptor.number), generation: generation)
  }

  /// Takes what has arrived into the input of `buffers` and returns the number of bytes, 0 at the
  /// end of the stream; `nil` if nothing has arrived.
  ///
  /// If the deadline has passed already, this tries recv(2) even if no event has reported bytes.
  /// - Throws: the error of recv(2) that ended the connection, `ECONNRESET` if the peer hung up.
  @inline(__always)
  public mutating func receive(
    into buffers: inout IOBuffers, until deadline: Instant
  ) throws(SystemError) -> Int? {
    if deadline <= buffers.now { readiness.insert(.mayRead) }
    return try readiness.receive(from: socket, into: &buffers.input)
  }

  /// Sends all of `output`, after what is queued already, and empties it.
  /// - Throws: ``SystemError``, `EPIPE` or `ECONNRESET` if the peer hung up.
  /// - Returns: false if something is queued now: don't read, and call ``flush()`` when the socket
  ///   is writable.
  @inline(__always)
  public mutating func send(_ output: inout OutputBuffer) throws(SystemError) -> Bool {
    defer { output.removeAll() }
    if queue == nil {
      let sent = try output.withUnsafeBytes { bytes throws(SystemError) in try socket.send(bytes) }
      if sent == output.count { return true }
      return wait(with: output.withUnsafeBytes { Array($0[(sent ?? 0)...]) })
    }
    enqueue(output.bytes, isFrame: false)
    return try flush()
  }

  /// Sends a frame that its receivers share, at once if the queue is empty.
  /// - Throws: ``SystemError``, `EPIPE` or `ECONNRESET` if the peer hung up.
  public mutating func send(_ frame: [UInt8]) throws(SystemError) {
    guard queue == nil, readiness.contains(.mayWrite) else { return enqueue(frame) }
    let sent = try socket.send(frame, 0..<frame.count) ?? 0
    if sent == frame.count { return }
    readiness.remove(.mayWrite)
    enqueue(frame, isFrame: true, sent: sent)
  }

  /// Adds a frame that its receivers share to the queue.
  public mutating func enqueue(_ frame: [UInt8]) { enqueue(frame, isFrame: true) }

  private mutating func enqueue(_ bytes: [UInt8], isFrame: Bool, sent: Int = 0) {
    let queue = self.queue ?? WriteQueue()
    queue.append(bytes, isFrame: isFrame, sent: sent)
    self.queue = queue
  }

  @inline(never)
  private mutating func wait(with rest: [UInt8]) -> Bool {
    readiness.remove(.mayWrite)
    enqueue(rest, isFrame: false)
    return false
  }

  /// Whether nothing waits to be sent.
  public var isEmpty: Bool { queue == nil }

  /// Offers what is queued to the kernel; returns false if something is still queued.
  /// - Throws: ``SystemError``, `EPIPE` or `ECONNRESET` if the peer hung up.
  @inline(__always)
  public mutating func flush() throws(SystemError) -> Bool {
    if queue == nil { true } else { try flushQueue() }
  }

  @inline(never)
  private mutating func flushQueue() throws(SystemError) -> Bool {
    guard let queue, readiness.contains(.mayWrite) else { return queue == nil }
    if try queue.flush(to: socket) {
      self.queue = nil
      return true
    }
    readiness.remove(.mayWrite)
    return false
  }
}

/// Limits for clients that do not read.
extension Transport {
  /// Returns whether more than `limit` bytes of frames from others wait for this client.
  ///
  /// It offers them to the kernel again first: perhaps the client does read, and the event that
  /// says so was not handled yet.
  /// - Throws: ``SystemError``, `EPIPE` or `ECONNRESET` if the peer hung up.
  public mutating func hasOverflowed(_ limit: Int) throws(SystemError) -> Bool {
    guard let queue, queue.frameBytes > limit else { return false }
    readiness.insert(.mayWrite)
    return try !flush() && queue.frameBytes > limit
  }

  /// Drops frames from others, the oldest first, until at most `limit` bytes of them wait. Returns
  /// how many it dropped.
  public mutating func dropOldest(until limit: Int) -> Int { queue?.dropOldest(until: limit) ?? 0 }

  /// Returns when to look again at a client for which something is queued.
  /// - Throws: `ETIMEDOUT` if it took nothing for `timeout`.
  public mutating func nextLook(
    timeout: Duration, at now: Instant
  ) throws(SystemError) -> Instant {
    try queue?.nextLook(socket, timeout: timeout, at: now) ?? .distantFuture
  }
}
// snippet: end
