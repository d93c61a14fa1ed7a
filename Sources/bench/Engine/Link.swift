import Common

/// A client's connection, or the lack of one: one at a time, possibly many one after the other.
struct Link: ~Copyable {
  /// `nil` between two connections.
  var socket: Socket?
  /// Counts the sockets, so that an event of a closed one is recognized.
  private var generation: UInt32 = 0
  /// Which of the server's addresses was tried.
  private var addressIndex = 0

  /// Whether an event belongs to this connection, and not to an earlier one.
  func owns(_ event: Event) -> Bool { event.token.generation == generation }

  /// Starts connecting. Returns true if it is already connected, false if it is still connecting.
  /// - Parameter index: the client's index, which events carry.
  mutating func open(
    _ index: Int, _ connector: inout Connector, _ loop: borrowing LoadLoop
  ) throws(SystemError) -> Bool {
    addressIndex = connector.current
    let opened = try connector.open()
    let isConnected = opened.isConnected
    socket = opened.takeSocket()
    // The socket becomes writable once, when it is connected.
    let interest: Interest = isConnected ? .readable : [.readable, .writable]
    if let number = socket?.descriptor.number {
      try loop.poller.register(number, token: token(index), interest: interest)
    }
    return isConnected
  }

  /// Handles a failure to connect. Returns true if there is another address to try.
  mutating func moveOn(_ connector: inout Connector) -> Bool {
    close()
    return connector.moveOn(from: addressIndex)
  }

  /// Makes the poller look at the socket again and report what is already ready.
  mutating func watch(
    _ index: Int, _ interest: Interest, _ loop: borrowing LoadLoop
  ) throws(SystemError) {
    guard let number = socket?.descriptor.number else { return }
    try loop.poller.reregister(number, token: token(index), interest: interest)
  }

  mutating func close() {
    socket = nil
    generation &+= 1
  }

  private func token(_ index: Int) -> Token {
    Token(index: UInt32(index), generation: generation)
  }
}
