import Common
import WireProtocols

/// A stream as this node sees it: how far it has been read, and which clients wait for it.
final class BackplaneStream: @unchecked Sendable {
  // Unchecked: only the backplane's loop touches it. Closures carry it to the shards and back.
  let key: String
  /// `nil` for broadcasts, and for the messages to this node.
  let topic: String?
  /// The id of the last message that was read; empty until Redis has said where the stream ends.
  var last = ""
  /// Whether Redis must first say where the stream ends, as it does on each new connection.
  var isUnplaced = true
  /// By our count, how many messages were ever added to the stream up to that one.
  var count = 0
  /// Whether our count must still be compared with that of Redis.
  var isUnchecked = false
  var isReading = false
  /// Whether more messages may have arrived since the current read was sent.
  var isStale = false
  /// How many shards are still delivering the last batch. The next read waits for them, so a node
  /// that is slower than the others keeps one batch in memory and leaves the rest in Redis.
  var delivering = 0
  /// The shards with subscribers to the topic.
  var subscribed: Set<Int> = []
  /// Clients that have just subscribed. They get their reply when Redis has said where the stream
  /// ends.
  var subscribing: [ConnectionRef] = []
  /// Senders whose message is in the stream but has not come back yet, by the message's id.
  var senders: [String: ConnectionRef] = [:]

  init(_ key: String, topic: String? = nil) { (self.key, self.topic) = (key, topic) }
}

/// A message from the stream, with its sender if that is a client of this node.
struct BackplaneMessage: Sendable {
  let frame: [UInt8]
  let sender: ConnectionRef?
}

// snippet: streams
/// Messages on their way from Redis to clients.
extension Backplane {
  /// The most messages in one read: about 64 MiB and 16,000 deliveries at most, so that a batch
  /// does not hold up the clients of a shard for too long.
  private var batch: Int {
    let deliveries = 16_000 / max(1, service.openConnections)
    return max(1, min(64, deliveries, (64 << 20) / service.options.maxMessage))
  }

  /// The longest string that is kept of a reply. Other nodes may allow longer messages.
  var maxString: Int { service.options.maxMessage + 1024 }
  var maxReply: Int { (66 << 20) + 2 * maxString }

  /// Handles an invalidation: a key that this connection has read was changed. Redis sends one, and
  /// no more until the key is read again. `nil` instead of keys means all of them.
  func handlePush(_ parts: [RESPValue]) {
    guard parts.count == 2, parts[0].text == "invalidate" else { return }
    if case .array(let keys) = parts[1] {
      for key in keys { if let stream = streams[key.text] { read(stream) } }
    } else {
      for stream in streams.values { read(stream) }
    }
  }

  /// Asks for the messages after the last one that was read. On a new connection, it first asks
  /// which one is last.
  func read(_ stream: BackplaneStream) {
    guard state == .connected, let connection, streams[stream.key] === stream else { return }
    if stream.isReading {
      stream.isStale = true
      return
    }
    (stream.isReading, stream.isStale) = (true, false)
    if stream.isUnplaced {
      stream.isUnplaced = false
      connection.ask(["XINFO", "STREAM", stream.key]) { backplane, reply in
        if let reply { backplane.place(stream, reply) }
        backplane.finishReading(stream)
      }
    } else {
      let most = batch
      connection.ask(["XREAD", "COUNT", "\(most)", "STREAMS", stream.key, stream.last]) {
        backplane, reply in
        if case .error(let text) = reply { backplane.log(text) }
        let messages = reply?.messages ?? []
        if messages.count == most { stream.isStale = true }
        backplane.take(messages, from: stream)
        if reply != nil && messages.count < most { backplane.giveUpSenders(of: stream) }
      }
    }
  }

  /// Starts at the end of the stream, or continues after the last message that was read.
  /// - Parameter state: the reply to XINFO; an error if there is no such stream yet.
  private func place(_ stream: BackplaneStream, _ state: RESPValue) {
    let end = state["last-generated-id"]?.text ?? "0-0"
    if stream.last.isEmpty {
      (stream.last, stream.count) = (end, state.entriesAdded ?? 0)
    } else {
      // Redis has lost data, and its clock may be behind: messages to come may have smaller ids.
      if StreamMessage.isEarlier(end, stream.last) { stream.last = end }
      stream.isStale = true
    }
    for client in stream.subscribing { reply(.done, to: client) }
    stream.subscribing = []
  }

  /// Redis replies in order, so there was nothing more to read when it took the messages of the
  /// senders that are left. They were deleted.
  private func giveUpSenders(of stream: BackplaneStream) {
    for sender in stream.senders.values { fail(sender, "Redis has deleted the message") }
    stream.senders = [:]
  }

  private func take(_ messages: [StreamMessage], from stream: BackplaneStream) {
    if !messages.isEmpty && stream.key != inbox(node) { stream.isUnchecked = true }
    var batch: [BackplaneMessage] = []
    let skipped = messages.count { $0.field.isEmpty }
    if skipped > 0 {
      miss(skipped, of: stream, "are longer than --max-message, or not from a node")
    }
    for message in messages {
      stream.last = message.id
      stream.count += 1
      counts.received += 1
      if stream.key == inbox(node) {
        handleInbox(message)
      } else {
        let sender = stream.senders.removeValue(forKey: message.id)
        batch.append(BackplaneMessage(frame: message.bytes, sender: sender))
      }
    }
    deliver(batch, from: stream)
  }

  /// Compares our count of each stream that had new messages with that of Redis; called once a
  /// second. If we have seen fewer, messages were trimmed before we could read them. (Redis counts
  /// since version 7; with an earlier version nothing is compared.)
  func checkCounts() {
    for stream in streams.values where stream.isUnchecked {
      connection?.ask(["XINFO", "STREAM", stream.key]) { backplane, reply in
        // The topic was silent for so long that its stream has expired; a new stream counts from 1.
        if case .error = reply { (stream.count, stream.isUnchecked) = (0, false) }
        // While there is more to read, the counts cannot be equal; compare them next time.
        guard let added = reply?.entriesAdded, !stream.isReading,
          reply?["last-generated-id"]?.text == stream.last
        else { return }
        backplane.check(stream, against: added)
      }
    }
  }

  private func check(_ stream: BackplaneStream, against added: Int) {
    if added > stream.count {
      miss(added - stream.count, of: stream, "were trimmed before this node read them")
    } else if added < stream.count && stream.topic == nil {
      log("Redis has lost its data, and perhaps messages with it")
    }
    (stream.count, stream.isUnchecked) = (added, false)
  }

  private func miss(_ count: Int, of stream: BackplaneStream, _ reason: String) {
    counts.missed += count
    // Clients choose topics, with any characters.
    log("\(count) messages of \(stream.key.debugDescription) \(reason)")
  }

  /// Passes a batch to the shards, in one message each. A sender's shard also replies to the
  /// sender.
  private func deliver(_ batch: [BackplaneMessage], from stream: BackplaneStream) {
    let audience = stream.topic.map { Audience.subscribers(of: $0) } ?? .everyone
    let receivers = shards.filter { stream.topic == nil || stream.subscribed.contains($0.index) }
    for sender in batch.compactMap(\.sender)
    where !receivers.contains(where: { $0 === sender.shard }) {
      reply(.done, to: sender)
    }
    guard !batch.isEmpty, !receivers.isEmpty else { return finishReading(stream) }
    stream.delivering = receivers.count
    let size = batch.reduce(0) { $0 + $1.frame.count }
    deliveringBytes += size
    for shard in receivers {
      shard.post { shard in
        shard.receive(batch, for: audience)
        self.post { backplane in
          stream.delivering -= 1
          if stream.delivering > 0 { return }
          backplane.deliveringBytes -= size
          backplane.finishReading(stream)
        }
      }
    }
  }

  private func finishReading(_ stream: BackplaneStream) {
    stream.isReading = false
    if stream.isStale { read(stream) }
  }

  /// Replies to all clients that wait for the stream: what they wait for may never come.
  func release(_ stream: BackplaneStream) {
    for client in stream.subscribing + stream.senders.values { reply(.done, to: client) }
    (stream.subscribing, stream.senders) = ([], [:])
  }
}

extension RESPValue {
  /// How many messages a stream has had. Sums of such numbers cannot overflow.
  fileprivate var entriesAdded: Int? {
    self["entries-added"].map(\.number).flatMap { 0...1 << 53 ~= $0 ? $0 : nil }
  }
}

extension Shard {
  /// Delivers a batch to the clients of this shard. If the sender is one of them, it gets the frame
  /// like all others: in the same order, and after its earlier answers.
  func receive(_ batch: [BackplaneMessage], for audience: Audience) {
    for message in batch {
      let token = message.sender.flatMap { $0.shard === self ? $0.token : nil }
      if let sender = token.flatMap({ clients[$0] }) { sendHeldAnswers(to: sender) }
      _ = enqueue(message.frame, for: audience)
      if let token { handleReply(.done, to: token) }
    }
  }

  private func sendHeldAnswers(to client: Connection) {
    loop.buffers.output.append(client.session.takeHeldAnswers())
    do { _ = try client.transport.send(&loop.buffers.output) } catch {
      close(client, because: service.reason(error))
    }
  }
}
// snippet: end
