import WireProtocols

extension Session {
  mutating func takeCommand(_ webSocket: WebSocketState) -> Command? {
    guard let command = webSocket.command.take() else { return nil }
    deadline = .distantFuture
    // Confirmed at once, but not written before the driver asks again: when it has carried out the command.
    if let confirmation = command.confirmation { enqueue(FrameEncoder.text(confirmation)) }
    return command
  }

  /// The answer to ``Command/report``: more members of a JSON object, each after a comma.
  public mutating func reported(_ members: String) {
    if case .request(let request) = stage { request.plan = .stats(members) }
  }

  /// The topics this client has subscribed to.
  public var topics: Set<String> { webSocket?.topics ?? [] }
  /// Messages this client has sent.
  public var messagesIn: Int { Int(webSocket?.messagesIn ?? 0) }
  /// Messages this session has sent to it.
  public var messagesOut: Int { Int(webSocket?.messagesOut ?? 0) }
}

extension Command {
  fileprivate var confirmation: String? {
    switch self {
    case .subscribe(let topic): "Subscribed to \(topic)"
    case .unsubscribe(let topic): "Unsubscribed from \(topic)"
    case .join, .broadcast, .send, .publish, .report: nil
    }
  }
}

extension WebSocketState {
  /// What was published after the confirmation was read is received; the name says which topic it is about.
  func takeTopic(_ topicCommand: TopicCommand, _ message: ArraySlice<UInt8>) {
    switch topicCommand {
    case .subscribe(let topic):
      var topics = self.topics ?? []
      guard topics.count < TopicCommand.maxTopics || topics.contains(topic) else {
        messagesOut &+= 1
        return frames.append(contentsOf: FrameEncoder.text("Too many topics"))
      }
      topics.insert(topic)
      self.topics = topics
      command = .subscribe(topic)
    case .unsubscribe(let topic):
      topics?.remove(topic)
      if topics?.isEmpty == true { topics = nil }
      command = .unsubscribe(topic)
    case .publish(let topic, let text):
      let prefix = "From client \(clientID ?? 0) to \(topic): "
      command = .publish(FrameEncoder.text(prefix, message[relative: text]), topic: topic)
    }
  }
}
