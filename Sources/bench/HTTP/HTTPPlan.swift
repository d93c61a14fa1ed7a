import Common

/// The parameters of the loop, prepared so that nothing has to be computed while it runs.
struct HTTPPlan {
  /// The possible addresses of the server, in the order of getaddrinfo(3).
  let addresses: [SocketAddress]
  /// The whole request; it outlives the loop.
  let request: UnsafeRawBufferPointer
  let isHEAD: Bool
  /// Whether a request may be sent again if the server closed a kept-alive connection before
  /// answering it.
  let isIdempotent: Bool
  let requestLimit: Int
  let concurrency: Int
  /// Requests per second; `nil`: each client sends its next one when the last is answered.
  let rate: Double?
  /// In nanoseconds; `nil` is no limit.
  let timeLimit: UInt64?
  /// For one request, in nanoseconds.
  let timeout: UInt64
  let keepAlive: Bool
  let goesOnAfterErrors: Bool
  let variableLength: Bool
  /// Whether a report lists every single request.
  let keepsAllSamples: Bool
  let verbosity: Int
  let showsProgress: Bool
  /// The live view, which replaces the progress line.
  let isLive: Bool

  init(_ options: BenchOptions, addresses: [SocketAddress], request: UnsafeRawBufferPointer) {
    self.addresses = addresses
    self.request = request
    isHEAD = options.method == .head
    isIdempotent = options.method.isIdempotent
    requestLimit = options.requestLimit
    concurrency = options.concurrency
    rate = options.rate
    timeLimit = options.timeLimit?.nanoseconds
    timeout = options.timeout.nanoseconds
    keepAlive = options.keepAlive
    goesOnAfterErrors = options.goesOnAfterErrors
    variableLength = options.variableLength
    keepsAllSamples = options.requestsFile != nil || options.csvFile != nil
    verbosity = options.verbosity
    showsProgress = options.showsProgress && !options.isLive
    isLive = options.isLive
  }
}
