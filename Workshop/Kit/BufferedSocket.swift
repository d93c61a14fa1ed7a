/// A non-blocking socket. The kernel has a fixed amount of room, and the peer reads either
/// immediately or when the check says so. It is in the kit because a check and a measurement both
/// use it.
public final class BufferedSocket {
  private let name: String
  private let room: Int
  private let isReading: Bool
  /// Bytes in the kernel: written but not yet read.
  private var buffer: [UInt8] = []
  /// Bytes that the peer has read.
  public private(set) var received: [UInt8] = []
  public private(set) var isClosed = false
  private var lastTaken = 1
  private var refused = 0

  /// - Parameter isReading: whether the peer always reads immediately.
  public init(_ name: String, room: Int, isReading: Bool) {
    (self.name, self.room, self.isReading) = (name, room, isReading)
  }

  /// Takes as many bytes as there is room for, and returns how many it took. Never waits: if there
  /// is no room, it takes none. (write(2) would fail with EAGAIN.)
  public func write(_ bytes: [UInt8]) -> Int {
    if isClosed {
      fail(
        "the code wrote to \(name)'s socket after closing it",
        "The number of a closed descriptor goes to the next client that connects. When you close "
          + "a socket, remove its client "
          + "from everything that could still lead to it.")
    }
    let part = bytes.prefix(room - buffer.count)
    // List only the first of several refusals in a row.
    if part.count < bytes.count && (lastTaken > 0 || !part.isEmpty) {
      Events.add("\(name): write(\(bytes.count) bytes) = \(part.count)")
    }
    lastTaken = part.count
    buffer += part
    if part.isEmpty && !bytes.isEmpty { refuse() }
    if isReading { read() }
    return part.count
  }

  /// Lets the peer read everything in the buffer.
  public func read() {
    if !buffer.isEmpty && !isReading { Events.add("\(name) reads \(buffer.count) bytes") }
    received += buffer
    buffer = []
  }

  public func close() {
    if isClosed {
      fail(
        "\(name)'s socket was closed twice",
        "The first close frees the descriptor's number, and the second one closes the connection "
          + "of whichever client has that number now."
      )
    }
    isClosed = true
    Events.add("\(name): close()")
  }

  /// Fails if the code keeps calling write: the peer does not read in the meantime, so the loop
  /// would be endless.
  private func refuse() {
    refused += 1
    if refused > 10_000 {
      fail(
        "\(name) does not read, but write was called again and again",
        "A loop that waits here until \(name) reads keeps all other clients waiting. Keep the "
          + "rest, and continue with the next "
          + "client: the loop calls flush when there is room again.")
    }
  }
}
