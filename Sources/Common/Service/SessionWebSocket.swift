/// The session once it has become a WebSocket.
extension Session {
  /// The number of this client of `/ws`, once it has joined.
  public var clientID: ClientID? { webSocket?.clientID }

  /// The registry's answer to ``Order/join``.
  public mutating func joined(as id: ClientID) { webSocket?.clientID = id }

  /// The registry's answer to an ``Order/send(_:to:)`` that found nobody.
  public mutating func noClient(_ id: ClientID) { enqueue(FrameEncoder.text("No client \(id)")) }

  /// Bytes that ``next(at:)`` has not handed out yet.
  public var unwritten: Int { output.count }

  /// Whether a frame for this client still makes sense: behind a close frame nothing is sent.
  public var takesFrames: Bool { webSocket?.isClosing == false && phase != .finished }

  /// Puts a frame among the bytes to write: a message from another client, or from this one to itself.
  public mutating func enqueue(_ frame: [UInt8]) {
    guard takesFrames else { return }
    webSocket?.messagesOut &+= 1
    output.append(contentsOf: frame)
  }

  /// Answers the next message; false where more bytes are needed.
  mutating func readMessage() -> Bool {
    guard let webSocket else { return false }
    do throws(CloseCode) {
      let event = try webSocket.reader.next(&input, maxMessage: service.options.maxMessage)
      switch event {
      case nil:
        input.compact()
        if inputHasEnded { phase = .finished } else if isStopping { goAway(webSocket) }
        return false
      case .message(let kind): answerMessage(kind, webSocket)
      case .control(.ping, let payload):
        FrameEncoder.append(.pong, input.bytes[payload], to: &output)
      case .control(.close, let payload): try peerCloses(payload, webSocket)
      case .control: break  // A pong: receive(_:) has noted that the peer lives.
      }
    } catch {
      failWebSocket(error, webSocket)
    }
    return true
  }

  private mutating func answerMessage(_ opcode: Opcode, _ webSocket: WebSocketState) {
    if webSocket.isClosing { return }
    service.messageServed()
    webSocket.messagesIn &+= 1
    let message = input.message
    // What one read has brought is answered in about as many bytes.
    if output.isEmpty { output.reserveCapacity(min(input.bytes.count, Self.batch) + 64) }
    guard webSocket.kind == .chat, opcode == .text else {
      webSocket.messagesOut &+= 1
      return FrameEncoder.append(opcode, input.bytes[message], to: &output)
    }
    switch ChatCommand(input.bytes.span.extracting(message), topics: service.runsErrands) {
    case .whoami:
      enqueue(FrameEncoder.text("You are client \(webSocket.clientID ?? 0)"))
    case .broadcast:
      let frame = FrameEncoder.text("Hello from client \(webSocket.clientID ?? 0)")
      phase = .delivering(.broadcast(frame))
    case .send(let id, let text):
      let prefix = "From client \(webSocket.clientID ?? 0): "
      phase = .delivering(.send(frame(prefix, input.bytes[message][relative: text]), to: id))
    case .topic(let command): answer(command, message, webSocket)
    case .echo:
      webSocket.messagesOut &+= 1
      output.append(contentsOf: frame("Echo: ", input.bytes[message]))
    }
  }

  /// A text frame out of two parts.
  func frame(_ prefix: String, _ text: ArraySlice<UInt8>) -> [UInt8] {
    var frame: [UInt8] = []
    FrameEncoder.appendHeader(.text, count: prefix.utf8.count + text.count, to: &frame)
    frame.append(contentsOf: prefix.utf8)
    frame.append(contentsOf: text)
    return frame
  }

  /// RFC 6455 sections 5.5.1 and 7.1.5: checks the code and the reason, and answers with the same code.
  private mutating func peerCloses(
    _ payload: Range<Int>, _ webSocket: WebSocketState
  ) throws(CloseCode) {
    let bytes = input.bytes[payload]
    if payload.count == 1 { throw .protocolError }
    if payload.count >= 2 {
      let code = UInt16(bytes[payload.lowerBound]) << 8 | UInt16(bytes[payload.lowerBound + 1])
      guard CloseCode.mayBeSent(code) else { throw .protocolError }
      var validator = UTF8Validator()
      let isText = bytes.dropFirst(2).withUnsafeBytes { validator.validate($0) }
      guard isText && validator.isComplete else { throw .invalidPayload }
    }
    if !webSocket.isClosing { FrameEncoder.append(.close, bytes.prefix(2), to: &output) }
    webSocket.isClosing = true
    phase = input.unreadCount == 0 ? .finished : .hangingUp
  }

  /// Section 7.1.7: says why, and hangs up.
  private mutating func failWebSocket(_ code: CloseCode, _ webSocket: WebSocketState) {
    if !webSocket.isClosing { FrameEncoder.appendClose(code, to: &output) }
    webSocket.isClosing = true
    input.removeAll()
    deadline = nil
    phase = .hangingUp
  }

  /// Section 7.1.2: says goodbye, and waits for the peer's answer.
  private mutating func goAway(_ webSocket: WebSocketState) {
    guard !webSocket.isClosing else { return }
    FrameEncoder.appendClose(.goingAway, to: &output)
    webSocket.isClosing = true
    deadline = nil
  }

  /// The client has been silent: asks whether it is still there (section 5.5.2), once.
  mutating func heartbeatMissed() {
    guard let webSocket, !webSocket.isClosing, !webSocket.awaitsPong else {
      phase = .finished
      return
    }
    webSocket.awaitsPong = true
    FrameEncoder.append(.ping, [], to: &output)
  }
}

extension ArraySlice {
  /// The part at `range`, counted from the slice's own beginning.
  subscript(relative range: Range<Int>) -> ArraySlice {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }
}
