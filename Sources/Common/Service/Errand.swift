import WireProtocols

/// What a session asks besides of a driver that runs errands (``HelloService/init(name:options:runsErrands:)``).
///
/// A chapter that does not has nothing to do with them: its sessions never ask.
public indirect enum Errand: Equatable, Sendable {
  case subscribe(String)
  case unsubscribe(String)
  /// Give this frame to every client that has subscribed to the topic.
  case publish([UInt8], topic: String)
  /// Find out what `/stats` shall tell, and answer with ``Session/reported(_:)``.
  case report
}

extension Session {
  /// What a driver that runs errands looks for whenever it is told to read: the session waits for this first.
  public mutating func takeErrand() -> Errand? {
    switch stage {
    case .request(let request) where request.body == nil && request.plan == .report:
      deadline = .distantFuture
      return .report
    case .webSocket(let webSocket):
      guard let errand = webSocket.errand.take() else { return nil }
      deadline = .distantFuture
      // Confirmed at once, but not written before the driver asks again, which it does when the errand is done.
      if let confirmation = errand.confirmation { enqueue(FrameEncoder.text(confirmation)) }
      return errand
    default: return nil
    }
  }

  /// The answer to ``Errand/report``: more members of a JSON object, each behind a comma.
  public mutating func reported(_ members: String) {
    if case .request(let request) = stage { request.plan = .stats(members) }
  }

  public var topics: Set<String> { webSocket?.topics ?? [] }
  public var messagesIn: Int { Int(webSocket?.messagesIn ?? 0) }
  public var messagesOut: Int { Int(webSocket?.messagesOut ?? 0) }
}

extension Errand {
  fileprivate var confirmation: String? {
    switch self {
    case .subscribe(let topic): "Subscribed to \(topic)"
    case .unsubscribe(let topic): "Unsubscribed from \(topic)"
    case .publish, .report: nil
    }
  }
}

extension WebSocketState {
  /// What was published after the confirmation was read is received; the name says which topic it is about.
  func takeTopic(_ command: TopicCommand, _ message: ArraySlice<UInt8>) {
    switch command {
    case .subscribe(let topic):
      var topics = self.topics ?? []
      guard topics.count < TopicCommand.maxTopics || topics.contains(topic) else {
        messagesOut &+= 1
        return frames.append(contentsOf: FrameEncoder.text("Too many topics"))
      }
      topics.insert(topic)
      self.topics = topics
      errand = .subscribe(topic)
    case .unsubscribe(let topic):
      topics?.remove(topic)
      if topics?.isEmpty == true { topics = nil }
      errand = .unsubscribe(topic)
    case .publish(let topic, let text):
      let prefix = "From client \(clientID ?? 0) to \(topic): "
      errand = .publish(FrameEncoder.text(prefix, message[relative: text]), topic: topic)
    }
  }
}
