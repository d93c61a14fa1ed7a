import Common
import WireProtocols

/// What this node has read of a stream, and who waits for it.
final class BackplaneStream: @unchecked Sendable {
  // Unchecked: only the backplane's loop touches it. Closures carry it to the shards and back.
  let key: String
  /// `nil` for broadcasts, and for the messages to this node.
  let topic: String?
  /// The id of the last message; empty until Redis has told.
  var last = ""
  /// How many messages the stream had had with that one, as far as we have seen.
  var count = 0
  /// Whether the count must still be compared with that of Redis.
  var isUnchecked = false
  var isReading = false
  /// Whether there may be more than what is being read.
  var isStale = false
  /// How many shards still deliver what was read. The next read waits for them, so that a node that
  /// is slower than the others keeps a batch in memory, and the rest stays in Redis.
  var delivering = 0
  /// The shards with subscribers of the topic.
  var subscribed: Set<Int> = []
  /// Clients that have just subscribed: they are told when it is known where the stream ends.
  var subscribing: [ConnectionRef] = []
  /// Senders whose message is in the stream and has not come back yet, by its id.
  var senders: [String: ConnectionRef] = [:]

  init(_ key: String, topic: String? = nil) { (self.key, self.topic) = (key, topic) }
}

/// A message from the stream; with its sender, if that is a client of this node.
struct BackplaneMessage: Sendable {
  let frame: [UInt8]
  let sender: ConnectionRef?
}

// snippet: streams
/// From Redis to the clients.
extension Backplane {
  /// The most messages of one read: at most about 64 MiB, and 16,000 deliveries, so that no client
  /// of a shard waits too long for it.
  private var batch: Int {
    let deliveries = 16_000 / max(1, service.openConnections)
    return max(1, min(64, deliveries, (64 << 20) / service.options.maxMessage))
  }

  var maxReply: Int { (66 << 20) + 2 * service.options.maxMessage }

  /// A key has changed that this connection has read: once, until it is read again. `nil` means
  /// all of them.
  func handlePush(_ parts: [RESPValue]) {
    guard parts.count == 2, parts[0].text == "invalidate" else { return }
    if case .array(let keys) = parts[1] {
      for key in keys { if let stream = streams[key.text] { read(stream) } }
    } else {
      for stream in streams.values {
        release(stream)  // A message that has been deleted does not come back.
        read(stream)
      }
    }
  }

  /// Reads on from the last message that was seen. The first time it only asks which one is last.
  func read(_ stream: BackplaneStream) {
    guard state == .connected, let connection, streams[stream.key] === stream else { return }
    if stream.isReading {
      stream.isStale = true
      return
    }
    (stream.isReading, stream.isStale) = (true, false)
    let most = batch
    if stream.last.isEmpty {
      connection.ask(["XINFO", "STREAM", stream.key]) { backplane, reply in
        if let reply { backplane.begin(stream, reply) }
        backplane.finishReading(stream)
      }
    } else {
      connection.ask(["XREAD", "COUNT", "\(most)", "STREAMS", stream.key, stream.last]) {
        backplane, reply in
        if case .error(let text) = reply { backplane.log(text) }
        let messages = reply?.messages ?? []
        if messages.count == most { stream.isStale = true }
        backplane.take(messages, from: stream)
      }
    }
  }

  /// - Parameter state: what Redis says of the stream; an error if there is none yet.
  private func begin(_ stream: BackplaneStream, _ state: RESPValue) {
    stream.last = state["last-generated-id"]?.text ?? "0-0"
    stream.count = state["entries-added"]?.number ?? 0
    for client in stream.subscribing { reply(.done, to: client) }
    stream.subscribing = []
  }

  private func take(_ messages: [StreamMessage], from stream: BackplaneStream) {
    if !messages.isEmpty && stream.key != inbox(node) { stream.isUnchecked = true }
    var batch: [BackplaneMessage] = []
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

  /// Compares our count of each stream that has had messages with that of Redis, once a second. If
  /// we have seen fewer, messages were trimmed before we could read them. (Redis counts since version
  /// 7; with an earlier one nothing is compared.)
  func checkCounts() {
    for stream in streams.values where stream.isUnchecked {
      connection?.ask(["XINFO", "STREAM", stream.key]) { backplane, reply in
        // A topic was silent for so long that its stream is gone; the next one counts from 1.
        if case .error = reply { (stream.count, stream.isUnchecked) = (0, false) }
        // If there is more to read, the counts cannot be equal: next time.
        guard let added = reply?["entries-added"]?.number, !stream.isReading,
          reply?["last-generated-id"]?.text == stream.last
        else { return }
        backplane.check(stream, against: added)
      }
    }
  }

  private func check(_ stream: BackplaneStream, against added: Int) {
    if added > stream.count {
      counts.missed += added - stream.count
      log(
        "\(added - stream.count) messages of \(stream.key) were trimmed before this node read them")
      release(stream)
    } else if added < stream.count && stream.topic == nil {
      log("Redis has lost its data, and perhaps messages with it")
    }
    (stream.count, stream.isUnchecked) = (added, false)
  }

  /// One message to each shard for all of them. The sender's shard tells the sender, too.
  private func deliver(_ batch: [BackplaneMessage], from stream: BackplaneStream) {
    let audience = stream.topic.map { Audience.subscribers(of: $0) } ?? .everyone
    let receivers = shards.filter { stream.topic == nil || stream.subscribed.contains($0.index) }
    for sender in batch.compactMap(\.sender)
    where !receivers.contains(where: { $0 === sender.shard }) {
      reply(.done, to: sender)
    }
    guard !batch.isEmpty, !receivers.isEmpty else { return finishReading(stream) }
    stream.delivering = receivers.count
    for shard in receivers {
      shard.post { shard in
        shard.receive(batch, for: audience)
        self.post { backplane in
          stream.delivering -= 1
          if stream.delivering == 0 { backplane.finishReading(stream) }
        }
      }
    }
  }

  private func finishReading(_ stream: BackplaneStream) {
    stream.isReading = false
    if stream.isStale { read(stream) }
  }

  /// Lets those go that wait for the stream: what they wait for may not come any more.
  func release(_ stream: BackplaneStream) {
    for client in stream.subscribing + stream.senders.values { reply(.done, to: client) }
    (stream.subscribing, stream.senders) = ([], [:])
  }
}

extension Shard {
  /// Delivers to the clients of this shard. A sender that is among them gets the frame like all
  /// others, so in the same order, and after its earlier answers.
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
