/// A non-blocking socket: the kernel has room for so many bytes, and the peer reads them at once,
/// or when the check says so. A check and a measurement need the same one.
public final class BufferedSocket {
  private let name: String
  private let room: Int
  private let isReading: Bool
  /// In the kernel: written, and not read.
  private var buffer: [UInt8] = []
  /// What the peer has read.
  public private(set) var received: [UInt8] = []
  public private(set) var isClosed = false
  private var lastTaken = 1
  private var refused = 0

  /// - Parameter isReading: whether the peer reads at once, all the time.
  public init(_ name: String, room: Int, isReading: Bool) {
    (self.name, self.room, self.isReading) = (name, room, isReading)
  }

  /// Takes what there is room for, and returns how many bytes that were. It never waits: where
  /// there is no room, it takes none. (write(2) says EAGAIN then.)
  public func write(_ bytes: [UInt8]) -> Int {
    if isClosed {
      fail(
        "\(name)'s socket is closed, and something writes to it",
        "The number of a closed descriptor goes to the next client that connects. When you close "
          + "a socket, remove its client "
          + "from everything that could still lead to it.")
    }
    let part = bytes.prefix(room - buffer.count)
    // Of many refusals in a row, the first one says enough.
    if part.count < bytes.count && (lastTaken > 0 || !part.isEmpty) {
      Events.add("\(name): write(\(bytes.count) bytes) = \(part.count)")
    }
    lastTaken = part.count
    buffer += part
    if part.isEmpty && !bytes.isEmpty { refuse() }
    if isReading { read() }
    return part.count
  }

  /// The peer reads all that is there.
  public func read() {
    if !buffer.isEmpty && !isReading { Events.add("\(name) reads \(buffer.count) bytes") }
    received += buffer
    buffer = []
  }

  public func close() {
    if isClosed {
      fail(
        "\(name)'s socket is closed twice",
        "With the first close its number is free, and the second one closes the connection of the "
          + "client that has it now."
      )
    }
    isClosed = true
    Events.add("\(name): close()")
  }

  /// A loop that waits for room is endless: its peer does not read while it runs.
  private func refuse() {
    refused += 1
    if refused > 10_000 {
      fail(
        "\(name) does not read, and write is called again and again",
        "A loop that waits here until \(name) reads keeps all other clients waiting. Keep the "
          + "rest, and continue with the next "
          + "client: the loop calls flush when there is room again.")
    }
  }
}
