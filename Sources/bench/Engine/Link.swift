import Common

/// A client's connection, or the lack of one: one at a time, over many in turn.
struct Link: ~Copyable {
  /// `nil` between two connections.
  var socket: Socket?
  /// Counts the sockets, so that an event of a closed one is recognized.
  private var generation: UInt32 = 0
  /// Which of the server's addresses was tried.
  private var addressIndex = 0

  /// Whether an event belongs to this connection, and not to one before.
  func owns(_ event: Event) -> Bool { event.token.generation == generation }

  /// Starts connecting. True: connected already; false: under way.
  /// - Parameter index: of the client; events carry it.
  mutating func open(
    _ index: Int, _ connector: inout Connector, _ loop: borrowing LoadLoop
  ) throws(SystemError) -> Bool {
    addressIndex = connector.current
    let opened = try connector.open()
    let isConnected = opened.isConnected
    socket = opened.takeSocket()
    // Until it is there, it becomes writable once.
    let interest: Interest = isConnected ? .readable : [.readable, .writable]
    if let number = socket?.descriptor.number {
      try loop.poller.register(number, token: token(index), interest: interest)
    }
    return isConnected
  }

  /// After a failure to connect. True: there is another address to try.
  mutating func moveOn(_ connector: inout Connector) -> Bool {
    close()
    return connector.moveOn(from: addressIndex)
  }

  /// Makes the poller look at the socket again, and report what is ready already.
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
