import Common

/// Frames from client to client.
///
/// **What is guaranteed.** A client's orders are carried out one after the other, each by all shards before the next begins. So every
/// receiver gets the frames of one sender in the order of its messages, the sender too, whose own copy comes before
/// the answer to its next message. Between two senders there is no order: two receivers may see their frames differently.
/// A sender that waits for the slowest shard is also what keeps the messages between shards few.
extension Shard {
  /// Carries out what the session wants of the registry; false where the answer comes later, to ``answer(_:to:)``.
  func deliver(_ command: Command, from client: Connection) -> Bool {
    let id = client.session.clientID ?? 0
    switch command {
    case .join: return settle(registry.register(client, on: self), client)
    case .broadcast(let frame):
      counts.broadcasts += 1
      return deliver(frame, to: .everyone, from: client)
    case .send(let frame, let id): return deliver(frame, to: .one(id), from: client)
    case .subscribe(let topic):
      return change(Subscription(id: id, topic: topic, isOn: true), of: client)
    case .unsubscribe(let topic):
      return change(Subscription(id: id, topic: topic, isOn: false), of: client)
    case .publish(let frame, let topic):
      counts.publications += 1
      return deliver(frame, to: .subscribers(of: topic), from: client)
    case .report: return report(to: client)
    }
  }

  private func deliver(_ frame: [UInt8], to audience: Audience, from client: Connection) -> Bool {
    settle(registry.deliver(frame, to: audience, from: client, on: self), client)
  }

  private func change(_ subscription: Subscription, of client: Connection) -> Bool {
    settle(registry.change(subscription, of: client, on: self), client)
  }

  private func settle(_ answer: RegistryReply?, _ client: Connection) -> Bool {
    switch answer {
    case .joined(let id): client.session.joined(as: id)
    case .noClient(let id): client.session.noClient(id)
    case .done: break
    case nil: return false
    }
    return true
  }

  /// An answer has come that a client was waiting for.
  func answer(_ answer: RegistryReply, to token: Token) {
    guard let client = clients[token] else { return }
    client.pendingReplies -= 1
    _ = settle(answer, client)
    if client.pendingReplies == 0 { advance(client) }
  }

  /// Has a frame delivered by several shards, each to its own clients. The answer is `nil` where others have to.
  /// - Parameter absence: the answer where there was nobody.
  func hand(
    _ frame: [UInt8], to audiences: [(shard: Shard, audience: Audience)], from client: Connection,
    orElse absence: RegistryReply
  ) -> RegistryReply? {
    var answer: RegistryReply? = audiences.isEmpty ? absence : .done
    let token = client.token
    for (shard, audience) in audiences {
      if shard === self {
        if !put(frame, to: audience, from: client) { answer = absence }
      } else {
        client.pendingReplies += 1
        answer = nil
        shard.tell { shard in
          let found = shard.put(frame, to: audience)
          self.tell { $0.answer(found ? .done : absence, to: token) }
        }
      }
    }
    return answer
  }

  /// Gives a frame to clients of this shard; false if there was none. The sender's own copy goes
  /// the way of its answers, and so comes after them.
  private func put(
    _ frame: [UInt8], to audience: Audience, from sender: Connection? = nil
  ) -> Bool {
    guard case .these(let tokens) = audience else {
      let members = members  // As they are now: some may be closed on the way.
      return members.forEach(in: audience) { put(frame, to: $0, from: sender) }
    }
    let found = tokens.compactMap { clients[$0] }
    for client in found { put(frame, to: client, from: sender) }
    return !found.isEmpty
  }

  /// Sends a frame, or puts a reference to it into the client's outbox. The first one of a turn goes out at once; where more
  /// follow, those are sent together at the end of the turn.
  private func put(_ frame: [UInt8], to client: Connection, from sender: Connection?) {
    if client === sender {
      counts.deliveries += 1
      return client.session.enqueue(frame)
    }
    guard client.session.takesFrames, client.wait != .closed else { return }
    client.delivered &+= 1
    counts.deliveries += 1
    var sent = 0
    if client.lastTurn != turn && client.outbox.isEmpty {
      client.lastTurn = turn
      do { sent = try client.socket.send(frame, 0..<frame.count) ?? 0 } catch {
        return close(client)
      }
      if sent == frame.count { return }
    }
    client.outbox.append(frame, isFrame: true, sent: sent)
    if client.outbox.frameBytes > options.outbox { relieve(client) }
    // Where the kernel took no more, it will say so when it does.
    if client.wait != .writing { schedule(client) }
  }

  /// An outbox is too full. Maybe the client reads and only its turn has not come yet; if not, `--slow` decides.
  private func relieve(_ client: Connection) {
    if client.wait != .writing { flush(client) }
    if client.outbox.frameBytes <= options.outbox { return }
    switch options.slow {
    case .dropClient:
      counts.clientsDropped += 1
      close(client)
    case .dropOldest: counts.framesDropped += client.outbox.dropOldest(until: options.outbox)
    }
  }
}
