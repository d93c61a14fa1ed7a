import Common

/// What the loop does, prepared so that nothing has to be worked out while it runs.
struct HTTPPlan {
  /// Where the server may be: the addresses of its name, in the order of getaddrinfo(3).
  let addresses: [SocketAddress]
  /// The whole request; it outlives the loop.
  let request: UnsafeRawBufferPointer
  let isHEAD: Bool
  /// Whether a request may be sent again where the server closed a kept-alive connection under it.
  let isIdempotent: Bool
  let requestLimit: Int
  let concurrency: Int
  /// In nanoseconds; `nil` is no limit.
  let timeLimit: UInt64?
  /// For one request, in nanoseconds.
  let timeout: UInt64
  let keepAlive: Bool
  let goesOnAfterErrors: Bool
  let variableLength: Bool
  let verbosity: Int
  let showsProgress: Bool

  init(_ options: BenchOptions, addresses: [SocketAddress], request: UnsafeRawBufferPointer) {
    self.addresses = addresses
    self.request = request
    isHEAD = options.method == .head
    isIdempotent = options.method.isIdempotent
    requestLimit = options.requestLimit
    concurrency = options.concurrency
    timeLimit = options.timeLimit?.nanoseconds
    timeout = options.timeout.nanoseconds
    keepAlive = options.keepAlive
    goesOnAfterErrors = options.goesOnAfterErrors
    variableLength = options.variableLength
    verbosity = options.verbosity
    showsProgress = options.showsProgress
  }
}
