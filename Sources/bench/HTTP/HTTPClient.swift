import Common

/// One client of the load: at most one request at a time, over one connection or over many, one
/// after the other.
struct HTTPClient: ~Copyable {
  enum Phase {
    /// No request is left for it.
    case retired
    /// Until the next request is due; a kept-alive connection stays open.
    case idle
    case connecting
    case sending
    case waiting
  }

  var phase = Phase.retired
  var link = Link()
  /// Whether this socket already delivered an answer.
  var isReused = false
  /// Bytes of the request that the kernel has taken.
  var sent = 0
  var parser: ResponseParser

  // Instants in nanoseconds of the monotonic clock.
  /// When the request was due; the same as `start` in a closed loop.
  var due: UInt64 = 0
  var start: UInt64 = 0
  var connected: UInt64 = 0
  /// Zero until the first byte of the answer arrives.
  var firstByte: UInt64 = 0

  init(parser: ResponseParser) { self.parser = parser }

  var isBusy: Bool { phase != .retired && phase != .idle }

  mutating func close() {
    link.close()
    isReused = false
  }

  /// Forgets the previous exchange.
  mutating func prepareExchange() {
    sent = 0
    if parser.headBytes != 0 { parser.reset() }
    firstByte = 0
  }
}
