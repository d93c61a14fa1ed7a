import WireProtocols

/// The session once it has become a WebSocket.
extension Session {
  var webSocket: WebSocketState? {
    guard case .webSocket(let webSocket) = stage else { return nil }
    return webSocket
  }

  /// The number of this client of `/ws`, once it has joined.
  public var clientID: ClientID? { webSocket?.clientID }

  /// The registry's answer to ``Command/join``.
  public mutating func joined(as id: ClientID) { webSocket?.clientID = id }

  /// The registry's answer to a ``Command/send(_:to:)`` that found nobody.
  public mutating func noClient(_ id: ClientID) { enqueue(FrameEncoder.text("No client \(id)")) }

  /// Bytes of frames that ``next(_:)`` has not handed out yet.
  public var unwritten: Int { webSocket?.frames.count ?? 0 }

  /// Whether a frame for this client still makes sense: behind a close frame nothing is sent. A broadcast asks this of ten
  /// thousand clients, so the answer lies here, and not in an object that would have to be fetched from memory.
  public var takesFrames: Bool {
    if case .webSocket = stage { !isClosing && ending == .notYet } else { false }
  }

  /// Puts a frame among the bytes to write: a message from another client, or from this one to itself.
  public mutating func enqueue(_ frame: [UInt8]) {
    guard takesFrames, let webSocket else { return }
    webSocket.messagesOut &+= 1
    webSocket.frames.append(contentsOf: frame)
  }

  /// Messages are read where they have arrived; of most of them nothing is left to keep.
  mutating func receive(_ count: Int, _ webSocket: WebSocketState, _ buffers: inout IOBuffers) {
    if !isClosing {
      webSocket.awaitsPong = false
      deadline = .distantFuture
    }
    guard webSocket.input.isEmpty else {
      return webSocket.input.append(buffers.input.span.extracting(first: count))
    }
    webSocket.input.borrow(&buffers.input, count)
    readMessages(webSocket, &buffers.output)
    webSocket.input.giveBack(&buffers.input)
  }

  /// Answers the messages that are there, as far as it goes without the driver.
  mutating func readMessages(_ webSocket: WebSocketState, _ output: inout OutputBuffer) {
    do throws(CloseCode) {
      while output.count < Self.batch {
        if !webSocket.frames.isEmpty {
          output.append(webSocket.frames)
          webSocket.frames = []
        }
        if webSocket.command != nil { return }
        let limit = service.options.maxMessage
        switch try webSocket.reader.next(&webSocket.input, maxMessage: limit) {
        case nil:
          if inputHasEnded { ending = .finished } else if isStopping { goAway(webSocket, &output) }
          return
        case .message(let kind): if !isClosing { answer(kind, webSocket, &output) }
        case .control(.ping, let payload):
          FrameEncoder.append(.pong, webSocket.input.bytes[payload], to: &output)
        case .control(.close, let payload): return try peerCloses(payload, webSocket, &output)
        case .control: break  // A pong: receive(_:_:) has noted that the peer lives.
        }
      }
    } catch {
      // Section 7.1.7: says why, and hangs up.
      if !isClosing { FrameEncoder.appendClose(error, to: &output) }
      isClosing = true
      webSocket.input.dropAll()
      deadline = .distantFuture
      ending = .hangingUp
    }
  }

  private mutating func answer(
    _ opcode: Opcode, _ webSocket: WebSocketState, _ output: inout OutputBuffer
  ) {
    service.messageServed()
    webSocket.messagesIn &+= 1
    let message = webSocket.input.bytes[webSocket.input.message]
    guard webSocket.kind == .chat, opcode == .text else {
      webSocket.messagesOut &+= 1
      return FrameEncoder.append(opcode, message, to: &output)
    }
    let command = ChatCommand(message.span, topics: service.topics)
    let id = webSocket.clientID ?? 0
    switch command {
    case .whoami: send(FrameEncoder.text("You are client \(id)"))
    case .broadcast: webSocket.command = .broadcast(FrameEncoder.text("Hello from client \(id)"))
    case .send(let receiver, let text):
      let frame = FrameEncoder.text("From client \(id): ", message[relative: text])
      webSocket.command = .send(frame, to: receiver)
    case .topic(let command): webSocket.takeTopic(command, message)
    case .echo: send(FrameEncoder.text("Echo: ", message))
    }

    func send(_ frame: [UInt8]) {
      webSocket.messagesOut &+= 1
      output.append(frame)
    }
  }

  /// RFC 6455 sections 5.5.1 and 7.1.5: checks the code and the reason, and answers with the same code.
  private mutating func peerCloses(
    _ payload: Range<Int>, _ webSocket: WebSocketState, _ output: inout OutputBuffer
  ) throws(CloseCode) {
    let bytes = webSocket.input.bytes[payload]
    if payload.count == 1 { throw .protocolError }
    if payload.count >= 2 {
      let code = UInt16(bytes[payload.lowerBound]) << 8 | UInt16(bytes[payload.lowerBound + 1])
      guard CloseCode.mayBeSent(code) else { throw .protocolError }
      var validator = UTF8Validator()
      let isText = bytes.dropFirst(2).withUnsafeBytes { validator.validate($0) }
      guard isText && validator.isComplete else { throw .invalidPayload }
    }
    if !isClosing { FrameEncoder.append(.close, bytes.prefix(2), to: &output) }
    isClosing = true
    ending = webSocket.input.unreadCount == 0 ? .finished : .hangingUp
  }

  /// Section 7.1.2: says goodbye, and waits for the peer's answer.
  private mutating func goAway(_ webSocket: WebSocketState, _ output: inout OutputBuffer) {
    guard !isClosing else { return }
    FrameEncoder.appendClose(.goingAway, to: &output)
    isClosing = true
    deadline = .distantFuture
  }
}

extension ArraySlice {
  /// The part at `range`, counted from the slice's own beginning.
  subscript(relative range: Range<Int>) -> ArraySlice {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }
}
