import Common
import WireProtocols

// snippet: commands
/// Commands on their way from clients to Redis.
extension Backplane {
  /// A `send` to a client of another node that this node has not confirmed yet.
  struct PendingSend {
    let sender: ConnectionRef
    let receiver: ClientID
    let since: Instant
  }

  /// The most bytes of commands that may be waiting for a reply from Redis.
  private static let maxPending = 16 << 20

  /// Carries out a command that needs other nodes. The sender always gets a reply within seconds,
  /// even if Redis or a node is gone.
  func publish(_ frame: [UInt8], to audience: Audience, from sender: ConnectionRef) {
    guard state == .connected, let connection else {
      return refuse(sender, "no connection to the other nodes")
    }
    guard connection.pendingBytes < Self.maxPending else {
      return refuse(sender, "too much waits for the other nodes")
    }
    switch audience {
    case .one(let id): send(frame, to: id, from: sender)
    case .everyone, .these: add(frame, to: key("all"), from: sender)
    case .subscribers(let topic):
      let key = key("topic:\(topic)")
      add(frame, to: key, from: sender)
      // Clients can invent any number of topics, so Redis deletes the stream of a topic that is
      // silent for ten minutes.
      connection.ask(["EXPIRE", key, "600"]) { _, _ in }
    }
  }

  /// Appends a message to a stream, which keeps about the last 10,000.
  private func add(_ frame: [UInt8], to key: String, from sender: ConnectionRef) {
    let words = ["XADD", key, "MAXLEN", "~", "10000", "*", "frame"]
    connection?.ask(words, frame) { backplane, reply in
      guard case .string = reply, let id = reply?.text else {
        return backplane.refuse(sender, reply)
      }
      backplane.counts.sent += 1
      // If we read the stream, the sender's reply waits until its own message comes back from
      // there.
      if let stream = backplane.streams[key], !stream.last.isEmpty {
        stream.senders[id] = sender
      } else {
        backplane.reply(.done, to: sender)
      }
    }
  }

  /// Appends a message to the stream of the receiver's node. If that stream does not exist, the
  /// node is gone.
  private func send(_ frame: [UInt8], to id: ClientID, from sender: ConnectionRef) {
    lastRequest += 1
    let number = lastRequest
    requests[number] = PendingSend(sender: sender, receiver: id, since: loop.buffers.now)
    append("send \(id) \(node) \(number)", frame, to: id / Self.idsPerNode) { backplane, reply in
      switch reply {
      case .string: backplane.counts.sent += 1
      case .null: backplane.finish(number, with: .noClient(id))
      default:
        if let request = backplane.requests.removeValue(forKey: number) {
          backplane.refuse(request.sender, reply)
        }
      }
    }
  }

  private func append(
    _ field: String, _ bytes: [UInt8], to node: Int, then handler: @escaping RedisConnection.Handler
  ) {
    let words = ["XADD", inbox(node), "NOMKSTREAM", "MAXLEN", "~", "1000", "*", field]
    connection?.ask(words, bytes, then: handler)
  }

  /// Handles a message from another node: a `send` for a client of ours, or the outcome of one that
  /// we sent.
  func handleInbox(_ message: StreamMessage) {
    let words = message.field.split(separator: " ")
    let numbers = words.dropFirst().compactMap { Int($0) }
    if words.first == "send", numbers.count == 3 {
      let (id, node, request) = (numbers[0], numbers[1], numbers[2])
      guard let shard = shards.first?.options.shard(of: id, among: shards) else {
        return append("found \(request) 0", [], to: node) { _, _ in }
      }
      shard.post { shard in
        let found = shard.enqueue(message.bytes, for: .one(id))
        self.post { $0.append("found \(request) \(found ? 1 : 0)", [], to: node) { _, _ in } }
      }
    } else if words.first == "found", numbers.count == 2, let request = requests[numbers[0]] {
      finish(numbers[0], with: numbers[1] == 1 ? .done : .noClient(request.receiver))
    }
  }

  private func finish(_ number: Int, with outcome: RegistryReply) {
    guard let request = requests.removeValue(forKey: number) else { return }
    reply(outcome, to: request.sender)
  }

  func giveUpRequests() {
    for (number, request) in requests where loop.buffers.now - request.since >= Self.patience {
      requests[number] = nil
      fail(request.sender, "node \(request.receiver / Self.idsPerNode) is silent")
    }
  }

  /// Subscribes a client to a topic. If it is the first subscriber on this node, the topic's stream
  /// is opened.
  func open(_ topic: String, for client: ConnectionRef) {
    let key = key("topic:\(topic)")
    let stream = streams[key] ?? BackplaneStream(key, topic: topic)
    streams[key] = stream
    stream.subscribed.insert(client.shard.index)
    // If there is no connection, reading begins with the next one, and the client gets its reply
    // now.
    if state != .connected || !stream.last.isEmpty { return reply(.done, to: client) }
    stream.subscribing.append(client)
    read(stream)
  }

  /// Notes that a shard has no subscriber of the topic any more. After the last shard, the stream
  /// is closed.
  func close(_ topic: String, on shard: Int) {
    guard let stream = streams[key("topic:\(topic)")] else { return }
    stream.subscribed.remove(shard)
    if !stream.subscribed.isEmpty { return }
    streams[stream.key] = nil
    release(stream)
  }

  func reply(_ reply: RegistryReply, to client: ConnectionRef) {
    client.shard.post { $0.handleReply(reply, to: client.token) }
  }

  /// Tells the sender that Redis refused its message or, if the connection is gone, that the
  /// outcome is unknown.
  private func refuse(_ sender: ConnectionRef, _ answer: RESPValue?) {
    if case .error(let text) = answer { return refuse(sender, "Redis says \(text)") }
    fail(sender, "the connection to the other nodes was lost")
  }

  func fail(_ sender: ConnectionRef, _ reason: String) {
    counts.unconfirmed += 1
    reply(.failed(FrameEncoder.text("Not confirmed: \(reason)")), to: sender)
  }

  private func refuse(_ sender: ConnectionRef, _ reason: String) {
    counts.refused += 1
    reply(.failed(FrameEncoder.text("Not sent: \(reason)")), to: sender)
  }

  /// The backplane's members of `/stats`.
  var report: String {
    """
    , "backplane": "\(state == .connected ? "connected" : "disconnected")", "node": \(node), "nodes": \(nodes.count), \
    "backplaneSent": \(counts.sent), "backplaneReceived": \(counts.received), \
    "backplaneMissed": \(counts.missed), "backplaneRefused": \(counts.refused), \
    "backplaneUnconfirmed": \(counts.unconfirmed), "backplaneReconnects": \(counts.reconnects), \
    "backplaneTopics": \(streams.count - 2)
    """
  }
}
// snippet: end
