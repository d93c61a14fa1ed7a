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
    guard case .errand(let errand) = phase else { return nil }
    deadline = nil
    if errand != .report { phase = .webSocket }
    // Confirmed at once, but not written before the driver asks again, which it does when the errand is done.
    if case .subscribe(let topic) = errand {
      enqueue(FrameEncoder.text("Subscribed to \(topic)"))
    } else if case .unsubscribe(let topic) = errand {
      enqueue(FrameEncoder.text("Unsubscribed from \(topic)"))
    }
    return errand
  }

  /// The answer to ``Errand/report``: more members of a JSON object, each behind a comma.
  public mutating func reported(_ members: String) { phase = .answering(.report(members)) }

  public var topics: Set<String> { webSocket?.topics ?? [] }
  public var messagesIn: Int { Int(webSocket?.messagesIn ?? 0) }
  public var messagesOut: Int { Int(webSocket?.messagesOut ?? 0) }

  /// What was published after the confirmation was read is received; the name says which topic it is about.
  mutating func answer(
    _ command: TopicCommand, _ message: Range<Int>, _ webSocket: WebSocketState
  ) {
    switch command {
    case .subscribe(let topic):
      var topics = webSocket.topics ?? []
      guard topics.count < TopicCommand.maxTopics || topics.contains(topic) else {
        return enqueue(FrameEncoder.text("Too many topics"))
      }
      topics.insert(topic)
      webSocket.topics = topics
      phase = .errand(.subscribe(topic))
    case .unsubscribe(let topic):
      webSocket.topics?.remove(topic)
      if webSocket.topics?.isEmpty == true { webSocket.topics = nil }
      phase = .errand(.unsubscribe(topic))
    case .publish(let topic, let text):
      let prefix = "From client \(webSocket.clientID ?? 0) to \(topic): "
      phase = .errand(
        .publish(frame(prefix, input.bytes[message][relative: text]), topic: topic))
    }
  }
}
