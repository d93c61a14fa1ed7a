import WireProtocols

/// The session while it speaks WebSocket.
extension Session {
  var webSocket: WebSocketSession? {
    guard case .webSocket(let webSocket) = state else { return nil }
    return webSocket
  }

  /// The number of this client of `/ws`, once it has joined.
  public var clientID: ClientID? { webSocket?.clientID }

  /// Takes the registry's reply to ``Command/join``.
  public mutating func joined(as id: ClientID, at now: Instant = .now) {
    webSocket?.id = id
    webSocket?.joined = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000_000)
  }

  /// Counts a message that the driver has sent to this client by itself.
  public mutating func countDelivery() { webSocket?.messagesOut &+= 1 }

  /// Takes the registry's reply to a ``Command/send(_:to:)`` if there is no such client.
  public mutating func noClient(_ id: ClientID) { enqueue(FrameEncoder.text("No client \(id)")) }

  /// Queues a frame after the answers so far: a message from another client, or from this one to
  /// itself.
  public mutating func enqueue(_ frame: [UInt8]) {
    guard takesFrames, let webSocket else { return }
    webSocket.messagesOut &+= 1
    webSocket.frames.append(contentsOf: frame)
  }

  /// Reads messages directly from the buffer in which they arrived; usually no byte is left to
  /// keep.
  mutating func receive(_ count: Int, _ webSocket: WebSocketSession, _ buffers: inout IOBuffers) {
    if takesFrames {
      deadline = .distantFuture
    } else if buffers.now >= deadline {  // Our Close frame got no reply in time.
      return close(lingering: false)
    }
    webSocket.connection.receive()
    guard webSocket.connection.input.isEmpty else {
      return webSocket.connection.input.append(buffers.input.span.extracting(first: count))
    }
    webSocket.connection.input.borrow(&buffers.input, count)
    readMessages(webSocket, &buffers.output)
    webSocket.connection.input.giveBack(&buffers.input)
  }

  /// Answers the messages that have arrived, as far as possible without the driver.
  mutating func readMessages(_ webSocket: WebSocketSession, _ output: inout OutputBuffer) {
    let before = webSocket.messagesIn
    // Once for all of them: an atomic addition costs more than a short message.
    defer { service.messagesServed(Int(webSocket.messagesIn &- before)) }
    while output.count < Self.batch {
      if !webSocket.frames.isEmpty {
        output.append(webSocket.frames)
        webSocket.frames = []
      }
      if webSocket.command != nil { return }
      switch webSocket.connection.next(&output, maxMessage: service.options.maxMessage) {
      case .message(let kind): answer(kind, webSocket, &output)
      case .close(let isClean): return close(lingering: !isClean)
      case .needMore, .sendPing:
        if inputHasEnded || isStopping { end(webSocket, &output) }
        return
      }
    }
  }

  /// Ends the WebSocket, after everything that arrived was read, if the client has finished sending
  /// or the server is stopping.
  private mutating func end(_ webSocket: WebSocketSession, _ output: inout OutputBuffer) {
    if inputHasEnded {
      _ = webSocket.connection.endOfInput()
      close(lingering: false)
    } else if takesFrames {
      webSocket.connection.goAway(&output)
      (takesFrames, deadline) = (false, .distantFuture)
    }
  }

  /// Holds a client's answers back while its next command is carried out, because in a pipeline
  /// each command would otherwise cost a system call. Returns false if they should be written
  /// first.
  mutating func holdBack(_ output: inout OutputBuffer) -> Bool {
    guard case .webSocket(let webSocket) = state, closeState == .open,
      stopState != .lastRead, output.count < Self.held
    else { return false }
    webSocket.frames = output.bytes + webSocket.frames
    output.removeAll()
    return true
  }

  mutating func takeCommand(_ webSocket: WebSocketSession) -> Command? {
    guard let command = webSocket.command.take() else { return nil }
    deadline = .distantFuture
    // The confirmation is queued here but written only when the driver asks again, after it has
    // carried out the command.
    switch command {
    case .subscribe(let topic): enqueue(FrameEncoder.text("Subscribed to \(topic)"))
    case .unsubscribe(let topic): enqueue(FrameEncoder.text("Unsubscribed from \(topic)"))
    case .join, .broadcast, .send, .publish, .report: break
    }
    return command
  }

  private mutating func answer(
    _ opcode: Opcode, _ webSocket: WebSocketSession, _ output: inout OutputBuffer
  ) {
    webSocket.messagesIn &+= 1
    guard webSocket.kind == .chat, opcode == .text else {
      webSocket.messagesOut &+= 1
      return webSocket.connection.input.withMessage {
        FrameEncoder.append(opcode, $0, to: &output)
      }
    }
    let message = webSocket.connection.input.bytes[webSocket.connection.input.message]
    let id = webSocket.id
    switch ChatCommand(message.span, topics: service.topics) {
    case .whoami: send(FrameEncoder.text("You are client \(id)"))
    case .broadcast: webSocket.command = .broadcast(FrameEncoder.text("Hello from client \(id)"))
    case .send(let receiver, let text):
      let frame = FrameEncoder.text("From client \(id): ", message[relative: text])
      webSocket.command = .send(frame, to: receiver)
    case .topic(let command):
      webSocket.command = webSocket.take(command, message)
      if webSocket.command == nil { send(FrameEncoder.text("Too many topics")) }
    case .echo: send(FrameEncoder.text("Echo: ", message))
    }

    func send(_ frame: [UInt8]) {
      webSocket.messagesOut &+= 1
      output.append(frame)
    }
  }
}

extension ArraySlice {
  /// The part at `range`, counted from the slice's first element.
  subscript(relative range: Range<Int>) -> ArraySlice {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }
}
