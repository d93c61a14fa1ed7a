import Common

/// The parameters of a WebSocket load, prepared so that nothing has to be computed while it runs.
struct WebSocketPlan {
  let addresses: [SocketAddress]
  let handshake: OpeningHandshake
  let clients: Int
  let broadcasts: Bool
  /// Messages, or broadcasts.
  let limit: Int
  /// Bytes of a message.
  let size: Int
  /// Messages of one client that are in flight at the same time.
  let inFlight: Int
  /// Connections per second; `nil`: as fast as the server accepts them.
  let ramp: Double?
  /// Messages or broadcasts per second, of all clients together; `nil`: each as soon as the one
  /// before is back.
  let rate: Double?
  /// In nanoseconds; `nil` is no limit.
  let timeLimit: UInt64?
  /// For a handshake, and for an answer, in nanoseconds.
  let timeout: UInt64
  let showsProgress: Bool

  init(_ options: BenchOptions, addresses: [SocketAddress]) {
    self.addresses = addresses
    handshake = OpeningHandshake(options)
    clients = options.concurrency
    broadcasts = options.kind == .broadcast
    limit = options.requests ?? .max
    size = options.messageSize
    inFlight = options.inFlight
    ramp = options.ramp
    rate = options.rate
    // Without a number or a time, the run still ends soon.
    let isUnlimited = options.requests == nil && options.timeLimit == nil
    timeLimit = isUnlimited ? 10_000_000_000 : options.timeLimit?.nanoseconds
    timeout = options.timeout.nanoseconds
    showsProgress = options.showsProgress
  }
}
