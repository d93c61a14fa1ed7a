import Common

/// Who shall get a frame, among the clients of one shard.
enum Audience: Sendable {
  case everyone
  case subscribers(of: String)
  case one(ClientID)
  /// Found by a registry of another kind.
  case these([Token])
}

/// Frames from client to client.
///
/// **What is guaranteed.** A client's orders are carried out one after the other, each by all shards before the next begins. So every
/// receiver gets the frames of one sender in the order of its messages, the sender too, whose own copy comes before
/// the answer to its next message. Between two senders there is no order: two receivers may see their frames differently.
/// A sender that waits for the slowest shard is also what keeps the messages between shards few.
extension Shard {
  /// Carries out what the session wants of the registry; false where the answer comes later, to ``answer(_:to:)``.
  func deliver(_ order: Order, from client: Client) -> Bool {
    switch order {
    case .join: return settle(registry.register(client, on: self), client)
    case .broadcast(let frame):
      counts.broadcasts += 1
      return settle(registry.broadcast(frame, from: client, on: self), client)
    case .send(let frame, let id):
      return settle(registry.send(frame, to: id, from: client, on: self), client)
    }
  }

  func run(_ errand: Errand, for client: Client) -> Bool {
    guard let id = client.session.clientID else { return report(to: client) }
    switch errand {
    case .subscribe(let topic):
      return settle(registry.subscribe(client, id, to: topic, on: self), client)
    case .unsubscribe(let topic):
      return settle(registry.unsubscribe(client, id, from: topic, on: self), client)
    case .publish(let frame, let topic):
      counts.publications += 1
      return settle(registry.publish(frame, to: topic, from: client, on: self), client)
    case .report: return report(to: client)
    }
  }

  private func settle(_ answer: Answer?, _ client: Client) -> Bool {
    switch answer {
    case .joined(let id): client.session.joined(as: id)
    case .noClient(let id): client.session.noClient(id)
    case .done: break
    case nil: return false
    }
    return true
  }

  /// An answer has come that a client was waiting for.
  func answer(_ answer: Answer, to token: Token) {
    guard let client = clients[token] else { return }
    client.answersDue -= 1
    _ = settle(answer, client)
    if client.answersDue == 0 { advance(client) }
  }

  /// Has a frame delivered by several shards, each to its own clients. The answer is `nil` where others have to.
  /// - Parameter failure: the answer where there was nobody.
  func hand(
    _ frame: [UInt8], to audiences: [(shard: Shard, audience: Audience)], from client: Client,
    orElse failure: Answer = .done
  ) -> Answer? {
    var answer: Answer? = .done
    let token = client.token
    for (shard, audience) in audiences {
      if shard === self {
        if !deliver(frame, to: audience) { answer = failure }
      } else {
        client.answersDue += 1
        answer = nil
        shard.tell { shard in
          let found = shard.deliver(frame, to: audience)
          self.tell { $0.answer(found ? .done : failure, to: token) }
        }
      }
    }
    return answer
  }

  /// Gives a frame to clients of this shard; false where there was none.
  func deliver(_ frame: [UInt8], to audience: Audience) -> Bool {
    switch audience {
    case .everyone: for client in members.all { put(frame, to: client) }
    case .subscribers(let topic): for client in members.of(topic) { put(frame, to: client) }
    case .one(let id):
      guard let client = members[id] else { return false }
      put(frame, to: client)
    case .these(let tokens):
      var found = false
      for token in tokens {
        guard let client = clients[token] else { continue }
        put(frame, to: client)
        found = true
      }
      return found
    }
    return true
  }

  /// Puts a reference to a frame into a client's outbox. Everybody's are sent at the end of the turn.
  private func put(_ frame: [UInt8], to client: Client) {
    guard client.session.takesFrames, client.wait != .closed else { return }
    client.outbox.append(frame: frame)
    client.delivered &+= 1
    counts.deliveries += 1
    if client.outbox.frameBytes > options.outbox { relieve(client) }
    // Where the kernel took no more, it will say so when it does.
    if client.wait != .writing { schedule(client) }
  }

  /// An outbox is too full. Maybe the client reads and only its turn has not come yet; if not, `--slow` decides.
  private func relieve(_ client: Client) {
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
