/// Delivers frames between clients, on any shard.
extension Shard {
  /// Leaves a message for this shard, from any thread.
  nonisolated func post(_ message: @escaping @Sendable (isolated Shard) -> Void) {
    inbox.post { self.assumeIsolated(message) }
  }

  /// Carries out a command. Returns false if the reply comes later, to `handleReply`.
  func deliver(_ command: Session.Command, from client: Connection) -> Bool {
    switch command {
    case .join:
      client.session.id = members.add(client)
    case .subscribe(let topic):
      members.subscribe(client.session.id, to: topic)
      client.session.output += Frame.encode(.text, "Subscribed to \(topic)".utf8)
    case .unsubscribe(let topic):
      members.unsubscribe(client.session.id, from: topic)
      client.session.output += Frame.encode(.text, "Unsubscribed from \(topic)".utf8)
    case .broadcast(let frame): return fanOut(frame, to: .everyone, on: peers, from: client)
    case .send(let frame, let id):
      // Numbers start at 1, and a client may ask for -3.
      let shards = id > 0 ? [peers[(id - 1) % peers.count]] : []
      return fanOut(frame, to: .one(id), on: shards, from: client)
    case .publish(let frame, let topic):
      return fanOut(frame, to: .subscribers(of: topic), on: peers, from: client)
    }
    return true
  }

  /// Sends one message to each shard, however many clients it has, and gets one reply from each.
  private func fanOut(
    _ frame: [UInt8], to audience: Audience, on shards: [Shard], from client: Connection
  ) -> Bool {
    let token = client.token
    client.pendingReplies = max(1, shards.count)
    if shards.isEmpty { post { $0.handleReply(audience.absence, to: token) } }
    for shard in shards {
      shard.post { shard in
        let found = shard.enqueue(frame, for: audience)
        self.post { $0.handleReply(found ? .done : audience.absence, to: token) }
      }
    }
    return false
  }

  /// Handles a shard's reply. After the last reply, the shard reads the client's next message.
  private func handleReply(_ reply: RegistryReply, to token: Token) {
    guard let client = connections[token] else { return }
    if case .noClient(let id) = reply {
      client.session.output += Frame.encode(.text, "No client \(id)".utf8)
    }
    client.pendingReplies -= 1
    if client.pendingReplies == 0 { advance(client) }
  }

  /// Gives a frame to clients of this shard. Returns false if there are none.
  private func enqueue(_ frame: [UInt8], for audience: Audience) -> Bool {
    let receivers = members.members(in: audience)
    for client in receivers { enqueue(frame, for: client) }
    return !receivers.isEmpty
  }

  private func enqueue(_ frame: [UInt8], for client: Connection) {
    if client.session.isFinishing { return }  // Nothing may follow a close frame.
    client.session.output += frame
    if client.backlog > Connection.limit {
      close(client)  // The client does not read, so what it has not received is lost.
    } else {
      scheduled.append(client)
    }
  }
}

/// The clients that get a frame.
enum Audience {
  case everyone
  case subscribers(of: String)
  case one(Int)

  /// The reply to the sender if there is no such client.
  var absence: RegistryReply { if case .one(let id) = self { .noClient(id) } else { .done } }
}

/// The outcome of a command.
enum RegistryReply {
  case done
  case noClient(Int)
}
