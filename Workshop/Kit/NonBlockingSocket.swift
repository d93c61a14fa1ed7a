import Glibc

/// A non-blocking socket in a small world in which nothing happens by itself: the check plays its
/// peer.
///
/// It answers like the system calls do: a count, 0 at the end of the stream, or -1, with `EAGAIN`
/// in `errno` where a blocking socket would have waited.
public final class NonBlockingSocket: @unchecked Sendable {
  // Unchecked: a check uses it from one thread.
  private let name: String
  private var inbox: [UInt8] = []
  private var hasEnded = false
  /// Whether the peer has reset the connection. epoll(7) then reports everything as ready.
  public private(set) var isReset = false
  /// How much of what is written the kernel would take now.
  public private(set) var room: Int
  /// What the learner's code has written.
  public private(set) var written: [UInt8] = []
  public private(set) var isClosed = false
  /// Everything that has arrived, read or not.
  public private(set) var arrived: [UInt8] = []
  /// Whether the last call was a `write` that said `EAGAIN`.
  public private(set) var hasRefusedWrite = false
  /// `EAGAIN`s since the peer has last done something.
  private var refusals = 0

  /// - Parameter name: for the list of system calls; it begins with each `Events.start`.
  public init(_ name: String, room: Int = .max) { (self.name, self.room) = (name, room) }

  /// Bytes that have arrived, and were not read yet.
  public var unread: Int { inbox.count }
  /// Whether a `read` would not say `EAGAIN`.
  public var isReadable: Bool { hasEnded || isReset || !inbox.isEmpty }

  // MARK: What the peer does

  public func arrive(_ bytes: [UInt8]) {
    refusals = 0
    Events.add("\(name) sends \(short(bytes[...]))")
    inbox += bytes
    arrived += bytes
  }

  /// It will send no more.
  public func end() {
    refusals = 0
    Events.add("\(name) sends the end of its stream")
    hasEnded = true
  }

  /// It is gone, and the connection with it. What has arrived can still be read; then every call
  /// fails with `ECONNRESET`.
  public func reset() {
    refusals = 0
    Events.add("\(name) resets the connection")
    isReset = true
  }

  /// It reads, so that the kernel takes this many bytes more.
  public func makeRoom(_ count: Int) {
    refusals = 0
    Events.add("\(name) reads \(count) bytes")
    room += count
  }

  // MARK: What the server does

  /// read(2): fills the front of the buffer with what is there, at most as much as fits.
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

  /// write(2): takes what there is room for.
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

  /// close(2).
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
        "\(call) says EAGAIN, and is called again and again",
        "EAGAIN means: not now. While this loop spins, no other client is served. Return to the "
          + "event loop; it calls again "
          + "when there is something to do.")
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
      !isClosed, "\(call) on a socket that is closed",
      "Its number is free, or belongs to the next client already.")
  }
}
