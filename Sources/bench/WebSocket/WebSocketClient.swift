import Common

/// One client of a WebSocket load, on one connection.
struct WebSocketClient: ~Copyable {
  enum Phase {
    /// It is not yet its turn to connect.
    case unborn
    case connecting
    case handshaking
    /// Has asked for its number (`/ws` only).
    case joining
    case open
    /// Has sent its close frame.
    case closing
    case ended
  }

  var phase = Phase.unborn
  var link = Link()
  var key: [UInt8] = []
  /// The answer to the handshake so far; empty afterwards.
  var answer: [UInt8] = []
  /// What the kernel has not taken yet; usually empty.
  var unsent = UnsentBytes()

  var reader = FrameReader()
  /// The beginning of the current message, which identifies it.
  var start = [64 of UInt8](repeating: 0)
  /// Bytes of the current message so far.
  var position = 0
  /// Whether something in it differs from what was sent.
  var differs = false

  /// When connecting started; later, since when it waits for an answer; in nanoseconds of the
  /// monotonic clock.
  var since: UInt64 = 0
  /// Messages in flight, the number of the next one, and the order in which they come back.
  var inFlight = 0
  var nextOut: UInt64 = 0
  var order = ArrivalOrder()
  /// Its number at the server, as text (`/ws` only).
  var name: [UInt8] = []
  /// The last broadcast that it got.
  var lastRound = 0

  /// Takes a part of the current message.
  @inline(__always)
  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    let kept = min(bytes.count, start.count - position)
    if kept > 0, let source = bytes.baseAddress {
      let place = position
      var span = start.mutableSpan
      span.withUnsafeMutableBytes {
        UnsafeMutableRawBufferPointer(rebasing: $0[place...]).copyMemory(
          from: UnsafeRawBufferPointer(start: source, count: kept))
      }
    }
    position += bytes.count
  }

  /// The beginning of an echo message (``EchoPayload``).
  @inline(__always)
  var numbers: (number: UInt64, sent: UInt64, due: UInt64) {
    start.span.withUnsafeBytes {
      (
        $0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
      )
    }
  }

  /// The message, or its beginning.
  var message: [UInt8] { (0..<min(position, start.count)).map { start[$0] } }

  func isMessage(_ text: [UInt8]) -> Bool {
    guard position == text.count, position <= start.count, reader.messageKind == .text else {
      return false
    }
    for index in text.indices where start[index] != text[index] { return false }
    return true
  }

  /// Prepares for the next message.
  @inline(__always)
  mutating func forgetMessage() {
    position = 0
    differs = false
  }
}
