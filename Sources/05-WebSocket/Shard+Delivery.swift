import Common

/// Delivery of frames from client to client.
///
/// **Guarantees.** A client's commands are carried out one after the other, and all shards finish
/// one before the next one starts. So every receiver gets the frames of one sender in the order of
/// its messages. That includes the sender, whose own copy comes before the answer to its next
/// message. There is no order between two senders: two receivers may see their frames in different
/// orders. Because a sender waits for the slowest shard, it never has more than one command's
/// messages in the shards' inboxes.
extension Shard {
  /// Carries out a command of the session; returns false if the reply comes later, to
  /// ``handleReply(_:to:)``.
  func deliver(_ command: Command, from client: Connection) -> Bool {
    let id = client.session.clientID ?? 0
    let reply: RegistryReply?
    switch command {
    case .join: reply = registry.update(.join, of: client, on: self)
    case .broadcast(let frame):
      counts.broadcasts += 1
      reply = registry.deliver(frame, to: .everyone, from: client, on: self)
    case .send(let frame, let receiver):
      reply = registry.deliver(frame, to: .one(receiver), from: client, on: self)
    case .subscribe(let topic):
      reply = registry.update(.subscribe(id, to: topic), of: client, on: self)
    case .unsubscribe(let topic):
      reply = registry.update(.unsubscribe(id, from: topic), of: client, on: self)
    case .publish(let frame, let topic):
      counts.publications += 1
      reply = registry.deliver(frame, to: .subscribers(of: topic), from: client, on: self)
    case .report: reply = report(to: client)
    }
    return apply(reply, to: client)
  }

  /// Passes a reply to the client's session. Returns false if there is no reply yet.
  private func apply(_ reply: RegistryReply?, to client: Connection) -> Bool {
    switch reply {
    case .joined(let id):
      client.session.joined(as: id, at: loop.buffers.now)
      counts.clients += 1
    case .noClient(let id): client.session.noClient(id)
    case .failed(let frame): client.session.enqueue(frame)
    case .done: break
    case nil: return false
    }
    return true
  }

  /// Takes a reply that a client awaits. After the last one, the client continues.
  func handleReply(_ reply: RegistryReply, to token: Token) {
    guard let client = clients[token] else { return }
    client.pendingReplies -= 1
    _ = apply(reply, to: client)
    if client.pendingReplies == 0 { advance(client) }
  }

  /// Has a frame delivered by several shards, each to its own clients. Returns `nil` if others still
  /// have to reply, and `absence` if there is no such client.
  func fanOut(
    _ frame: [UInt8], to routes: [Route], from client: Connection, orElse absence: RegistryReply
  ) -> RegistryReply? {
    var reply: RegistryReply? = routes.isEmpty ? absence : .done
    let token = client.token
    for (shard, audience) in routes {
      if shard === self {
        if !enqueue(frame, for: audience, from: client) { reply = absence }
      } else {
        client.pendingReplies += 1
        reply = nil
        shard.post { shard in
          let found = shard.enqueue(frame, for: audience)
          self.post { $0.handleReply(found ? .done : absence, to: token) }
        }
      }
    }
    return reply
  }

  /// Delivers a frame to clients of this shard; returns false if there are none.
  func enqueue(_ frame: [UInt8], for audience: Audience, from sender: Connection? = nil) -> Bool {
    guard case .these(let tokens) = audience else {
      let members = members  // A copy: a send that fails removes a client.
      return members.forEach(in: audience) { enqueue(frame, for: $0, from: sender) }
    }
    let found = tokens.compactMap { clients[$0] }
    for client in found { enqueue(frame, for: client, from: sender) }
    return !found.isEmpty
  }

  /// Sends a frame, or queues a reference to it. The first frame of an iteration is sent at once,
  /// the others together at the iteration's end. The sender's own copy is written with its answers,
  /// so it comes after the earlier ones.
  private func enqueue(_ frame: [UInt8], for client: Connection, from sender: Connection?) {
    guard client.session.takesFrames, client.state != .closed else { return }
    counts.deliveries += 1
    if client === sender { return client.session.enqueue(frame) }
    client.session.countDelivery()
    do throws(SystemError) {
      if client.lastIteration == iteration {
        client.transport.enqueue(frame)
      } else {
        client.lastIteration = iteration
        try client.transport.send(frame)
        if client.transport.isEmpty { return }
      }
      if try client.transport.hasOverflowed(options.outbox) { return handleOverflow(client) }
      // A client in `.writing` needs no place in the list: an event says when there is room.
      if client.state != .writing { schedule(client) }
    } catch { close(client, because: service.reason(error)) }
  }

  /// Cuts off a client for which too much waits, or drops frames, as `--slow` says.
  private func handleOverflow(_ client: Connection) {
    switch options.slow {
    case .dropClient:
      counts.clientsDropped += 1
      close(client, because: "it does not read: more than \(options.outbox) bytes wait")
    case .dropOldest:
      counts.framesDropped += client.transport.dropOldest(until: options.outbox)
      if client.state != .writing { schedule(client) }
    }
  }
}
