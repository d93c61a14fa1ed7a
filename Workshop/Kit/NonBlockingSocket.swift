import Glibc

/// A non-blocking socket whose peer is played by the check. Nothing happens unless the check makes
/// it happen.
///
/// Its methods return what the system calls return: a count, 0 at the end of the stream, or -1,
/// with `EAGAIN` in `errno` if a blocking socket would have waited.
public final class NonBlockingSocket: @unchecked Sendable {
  // Unchecked: a check uses it from a single thread.
  private let name: String
  private var inbox: [UInt8] = []
  private var hasEnded = false
  /// Whether the peer has reset the connection. epoll(7) then reports everything as ready.
  public private(set) var isReset = false
  /// The number of bytes that the kernel would take now.
  public private(set) var room: Int
  /// Everything that the learner's code has written.
  public private(set) var written: [UInt8] = []
  public private(set) var isClosed = false
  /// Everything that has arrived, whether or not it was read.
  public private(set) var arrived: [UInt8] = []
  /// Whether the last call was a `write` that failed with `EAGAIN`.
  public private(set) var hasRefusedWrite = false
  /// The number of `EAGAIN`s since the peer last did something.
  private var refusals = 0

  /// - Parameter name: appears in the list of system calls. Each `Events.start` begins a new list.
  public init(_ name: String, room: Int = .max) { (self.name, self.room) = (name, room) }

  /// The number of bytes that have arrived but have not been read yet.
  public var unread: Int { inbox.count }
  /// Whether a `read` would succeed instead of failing with `EAGAIN`.
  public var isReadable: Bool { hasEnded || isReset || !inbox.isEmpty }

  // MARK: The peer's side

  public func arrive(_ bytes: [UInt8]) {
    refusals = 0
    Events.add("\(name) sends \(short(bytes[...]))")
    inbox += bytes
    arrived += bytes
  }

  /// Ends the peer's stream: it will send no more.
  public func end() {
    refusals = 0
    Events.add("\(name) sends the end of its stream")
    hasEnded = true
  }

  /// Resets the connection: the peer is gone. Bytes that have arrived can still be read; after
  /// that, every call fails with `ECONNRESET`.
  public func reset() {
    refusals = 0
    Events.add("\(name) resets the connection")
    isReset = true
  }

  /// Lets the peer read, so that the kernel takes this many more bytes.
  public func makeRoom(_ count: Int) {
    refusals = 0
    Events.add("\(name) reads \(count) bytes")
    room += count
  }

  // MARK: The server's side

  /// Works like read(2): puts bytes that have arrived at the front of the buffer, as many as fit.
  public func read(into buffer: inout [UInt8]) -> Int {
    expectOpen("read")
    hasRefusedWrite = false
    if isReset && inbox.isEmpty { return answer("read", ECONNRESET) }
    if inbox.isEmpty && !hasEnded { return refuse("read") }
    let part = inbox.prefix(buffer.count)
    buffer.replaceSubrange(0..<part.count, with: part)
    inbox.removeFirst(part.count)
    Events.add("  read = \(part.count)  \(part.isEmpty ? "(end of stream)" : short(part))")
    return part.count
  }

  /// Works like write(2): takes as many bytes as there is room for.
  public func write(_ bytes: ArraySlice<UInt8>) -> Int {
    expectOpen("write")
    hasRefusedWrite = false
    if isReset { return answer("write", ECONNRESET) }
    if room == 0 && !bytes.isEmpty { return refuse("write") }
    let part = bytes.prefix(room)
    if room != .max { room -= part.count }
    written += part
    Events.add("  write(\(bytes.count) bytes) = \(part.count)  \(short(part))")
    return part.count
  }

  /// Works like close(2).
  public func close() {
    expectOpen("close")
    Events.add("  close")
    isClosed = true
  }

  private func refuse(_ call: String) -> Int {
    refusals += 1
    hasRefusedWrite = call == "write"
    if refusals > 10 {
      fail(
        "\(call) failed with EAGAIN, but was called again and again",
        "EAGAIN means 'not now'. While this loop spins, no other client is served. Return to the "
          + "event loop, which calls you again when there is something to do.")
    }
    return answer(call, EAGAIN)
  }

  private func answer(_ call: String, _ code: Int32) -> Int {
    Events.add("  \(call) = -1  (\(code == EAGAIN ? "EAGAIN" : "ECONNRESET"))")
    errno = code
    return -1
  }

  private func short(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.count > 60 ? "\(show(bytes.prefix(50)))… (\(bytes.count) bytes)" : show(bytes)
  }

  private func expectOpen(_ call: String) {
    expect(
      !isClosed, "\(call) was called on a closed socket",
      "Its descriptor's number is free, or it already belongs to the next client.")
  }
}
