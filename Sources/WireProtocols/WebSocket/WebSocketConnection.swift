// snippet: websocket
/// The server's side of a WebSocket (RFC 6455 sections 5 to 7): bytes go in, messages come out, and
/// control frames are answered here.
///
/// **Theory of operation.** Each event is a `mutating func` that returns an ``Action``; nothing
/// else changes ``state``. Replies to control frames are appended to the caller's output. After we
/// have sent a Close frame, no message is sent or delivered: only pongs follow (section 5.5.1).
///
///                  timeOut: ping
///     [ open ] ─────────────────────▶ [ pinged ]
///       │  ▲                            │    │
///       │  ╰──────── bytes ─────────────╯    │
///       │ goAway: Close 1001                 │ goAway: Close 1001
///       ├────────────────────────────────────╯
///       ▼
///     [ closing ] ── the peer's Close, timeOut, endOfInput ──▶ [ closed ]
///
/// | state        | event                     | → state | action                              |
/// |--------------|---------------------------|---------|-------------------------------------|
/// | open, pinged | a message                 | same    | message                             |
/// | not closed   | a ping                    | same    | reply with a pong, read on          |
/// | not closed   | not enough bytes          | same    | needMore                            |
/// | open, pinged | the peer's Close          | closed  | reply with the same code, close     |
/// | open, pinged | a violation               | closed  | reply with its code, close          |
/// | closing      | a message, a pong         | closing | drop it, read on                    |
/// | closing      | the peer's Close          | closed  | close                               |
/// | closing      | a violation               | closed  | close                               |
/// | pinged       | receive                   | open    |                                     |
/// | open         | timeOut                   | pinged  | sendPing                            |
/// | pinged, closing | timeOut                | closed  | close                               |
/// | open, pinged | goAway                    | closing | Close 1001                          |
/// | any          | endOfInput                | closed  | close                               |
public struct WebSocketConnection: Sendable {
  /// The states of the table above.
  public enum State: Sendable { case open, pinged, closing, closed }

  /// The caller's next step.
  public enum Action: Equatable, Sendable {
    /// Call again when more bytes have arrived.
    case needMore
    /// A whole message: its bytes are the input's `message` until the next call.
    case message(Opcode)
    /// Send ``FrameEncoder/ping``.
    case sendPing
    /// Send what was appended, and end the connection.
    /// - Parameter isClean: whether both sides have sent a Close frame and nothing follows.
    ///   Otherwise the peer may still be sending, and closing at once could destroy what it has not
    ///   read yet.
    case close(isClean: Bool)
  }

  /// The bytes that have arrived.
  public var input = InputBuffer()
  private var reader = MessageReader()
  /// The state: only the events below change it.
  public private(set) var state = State.open

  /// Creates a connection after its opening handshake.
  public init() {}

  /// Whether messages may be sent: we have not sent a Close frame.
  public var mayTalk: Bool { state == .open || state == .pinged }

  /// Notes that bytes have arrived: whatever they are, the peer is alive. Put them into ``input``.
  public mutating func receive() { if state == .pinged { state = .open } }

  /// Reads up to the next message.
  /// - Parameters:
  ///   - output: gets the replies to control frames.
  ///   - maxMessage: the longest message that is accepted, in bytes.
  @inline(__always)
  public mutating func next(_ output: inout OutputBuffer, maxMessage: Int) -> Action {
    do throws(CloseCode) {
      while let event = try reader.next(&input, maxMessage: maxMessage) {
        switch event {
        case .message(let kind): if mayTalk { return .message(kind) }
        case .control(.ping, let payload):
          FrameEncoder.append(.pong, input.bytes.span.extracting(payload), to: &output)
        case .control(.close, let payload): return try peerCloses(payload, &output)
        case .control: break  // A pong; receive() has noted that the peer is alive.
        }
      }
      return .needMore
    } catch {  // Section 7.1.7: say why, and end the connection.
      if mayTalk { FrameEncoder.appendClose(error, to: &output) }
      return close(isClean: false)
    }
  }

  /// Checks the code and the reason of the peer's Close frame, and replies with the same code
  /// (sections 5.5.1 and 7.1.5).
  private mutating func peerCloses(
    _ payload: Range<Int>, _ output: inout OutputBuffer
  ) throws(CloseCode) -> Action {
    let bytes = input.bytes[payload]
    if payload.count == 1 { throw .protocolError }
    if payload.count >= 2 {
      let code = UInt16(bytes[payload.lowerBound]) << 8 | UInt16(bytes[payload.lowerBound + 1])
      guard CloseCode.mayBeSent(code) else { throw .protocolError }
      var validator = UTF8Validator()
      let isText = bytes.dropFirst(2).withUnsafeBytes { validator.validate($0) }
      guard isText && validator.isComplete else { throw .invalidPayload }
    }
    let code = bytes.prefix(2)
    if mayTalk { FrameEncoder.append(.close, code.span, to: &output) }
    return close(isClean: input.unreadCount == 0)
  }

  /// Handles a timeout: the peer was silent for the whole heartbeat (section 5.5.2), or did not
  /// reply to our Close frame.
  public mutating func timeOut() -> Action {
    guard state == .open else { return close(isClean: true) }
    state = .pinged
    return .sendPing
  }

  /// Sends a Close frame, because the server is stopping (section 7.4.1, code 1001).
  public mutating func goAway(_ output: inout OutputBuffer) {
    guard mayTalk else { return }
    FrameEncoder.appendClose(.goingAway, to: &output)
    state = .closing
  }

  /// Ends the connection: the peer has finished sending, and ``next(_:maxMessage:)`` needs more
  /// bytes.
  public mutating func endOfInput() -> Action { close(isClean: true) }

  private mutating func close(isClean: Bool) -> Action {
    state = .closed
    input.dropAll()
    return .close(isClean: isClean)
  }
}
// snippet: end
