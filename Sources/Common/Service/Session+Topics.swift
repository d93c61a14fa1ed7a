import WireProtocols

/// Statistics and topics, for chapter 5 only.
extension Session {
  /// Takes the reply to ``Command/report``: further members of a JSON object, each preceded by a
  /// comma.
  public mutating func reported(_ members: String) {
    if case .request(let pending) = state { pending.outcome = .stats(members) }
  }

  /// Takes the answers that are held back, so that the driver can send them before what it sends
  /// next.
  public mutating func takeHeldAnswers() -> [UInt8] {
    guard let webSocket else { return [] }
    defer { webSocket.frames = [] }
    return webSocket.frames
  }

  /// The topics this client has subscribed to.
  public var topics: Set<String> { webSocket?.topics ?? [] }
  /// The number of messages that this client has sent.
  public var messagesIn: Int { Int(webSocket?.messagesIn ?? 0) }
  /// When the client joined.
  public var joined: Instant {
    Instant(nanoseconds: UInt64(webSocket?.joined ?? 0) * 1_000_000_000)
  }
  /// The number of messages that it got.
  public var messagesOut: Int { Int(webSocket?.messagesOut ?? 0) }
}

extension WebSocketSession {
  /// Returns the command for the registry; `nil` if the client has subscribed to too many topics. A
  /// message that was published earlier may still arrive after `Unsubscribed from`; its text names
  /// the topic.
  func take(_ command: TopicCommand, _ message: ArraySlice<UInt8>) -> Command? {
    switch command {
    case .subscribe(let topic):
      var topics = self.topics ?? []
      guard topics.count < TopicCommand.maxTopics || topics.contains(topic) else { return nil }
      topics.insert(topic)
      self.topics = topics
      return .subscribe(topic)
    case .unsubscribe(let topic):
      topics?.remove(topic)
      if topics?.isEmpty == true { topics = nil }
      return .unsubscribe(topic)
    case .publish(let topic, let text):
      let prefix = "From client \(id) to \(topic): "
      return .publish(FrameEncoder.text(prefix, message[relative: text]), topic: topic)
    }
  }
}
