import Common

/// The counters of one shard. Only the shard's thread writes them, so they need no lock.
struct Counts: Sendable {
  var clients = 0
  var broadcasts = 0
  var publications = 0
  var deliveries = 0
  var framesDropped = 0
  var clientsDropped = 0

  static func += (left: inout Counts, right: Counts) {
    left.clients += right.clients
    left.broadcasts += right.broadcasts
    left.publications += right.publications
    left.deliveries += right.deliveries
    left.framesDropped += right.framesDropped
    left.clientsDropped += right.clientsDropped
  }
}

/// Chapter 5's part of `/stats`: the counters, and some of the clients of `/ws`.
extension Shard {
  /// Limits on the clients that are listed, and on the topics of each, so that a request costs the
  /// same however many there are.
  private static let (listedClients, listedTopics) = (100, 8)

  private struct Part: Sendable {
    var counts = Counts()
    /// Clients with their ids, each as a JSON object.
    var listed: [(id: ClientID, json: String)] = []
  }

  /// Asks all shards, each of which looks at its own clients on its own thread. That needs no lock,
  /// but the numbers are not all from the same moment.
  func report(to client: Connection) -> RegistryReply? {
    client.pendingReplies += 1
    let token = client.token
    Task {
      var sum = Part()
      for shard in peers {
        let part = await shard.part()
        sum.counts += part.counts
        sum.listed += part.listed
      }
      let report = self.text(sum) + (await self.registry.report)
      self.clients[token]?.session.reported(report)
      self.handleReply(.done, to: token)
    }
    return nil
  }

  private func text(_ part: Part) -> String {
    let counts = part.counts
    let clients = part.listed.sorted { $0.id < $1.id }.prefix(Self.listedClients).map(\.json)
    return """
      , "registry": "\(options.registry.rawValue)", "loops": \(peers.count), \
      "broadcasts": \(counts.broadcasts), "publications": \(counts.publications), \
      "deliveries": \(counts.deliveries), "framesDropped": \(counts.framesDropped), \
      "clientsDropped": \(counts.clientsDropped), "clientsTotal": \(counts.clients), \
      "clients": [\(clients.joined(separator: ", "))]
      """
  }

  /// Returns the counters of this shard, and the first clients that it finds.
  private func part() -> Part {
    var listed: [(id: ClientID, json: String)] = []
    for client in clients.all where listed.count < Self.listedClients {
      if let id = client.session.clientID { listed.append((id, json(client, id))) }
    }
    return Part(counts: counts, listed: listed)
  }

  private func json(_ client: Connection, _ id: ClientID) -> String {
    let topics = client.session.topics.sorted().prefix(Self.listedTopics).map(quoted)
    return """
      {"id": \(id), "topics": [\(topics.joined(separator: ", "))], \
      "connectedSeconds": \((loop.buffers.now - client.connected).components.seconds), \
      "messagesIn": \(client.session.messagesIn), \
      "messagesOut": \(client.session.messagesOut + Int(client.delivered))}
      """
  }
}

/// Returns the text as a JSON string (RFC 8259 section 7).
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
    if scalar.value >= 0x20 { return String(scalar) }
    return "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
  }
  return "\"" + escaped.joined() + "\""
}
