import Common

/// The counters of one shard. Only the shard's thread writes them, so they need no lock.
struct Counts: Sendable {
  var (broadcasts, publications, deliveries) = (0, 0, 0)
  var (clients, clientsDropped, framesDropped) = (0, 0, 0)
}

/// Chapter 5's part of `/stats`: the counters, and some of the clients of `/ws`.
extension Shard {
  /// How many clients are listed, and how many topics of each, so that the cost is bounded.
  private static let (listedClients, listedTopics) = (100, 8)

  /// The counters of a shard, and the first clients that it finds, each as a JSON object.
  private typealias Part = (counts: Counts, clients: [(id: ClientID, json: String)])

  /// Asks all shards, each of which looks at its own clients on its own thread. That needs no lock,
  /// but the numbers are not all from the same moment.
  func report(to client: Connection) -> RegistryReply? {
    client.pendingReplies += 1
    let token = client.token
    Task {
      var parts: [Part] = []
      for shard in peers { parts.append(await shard.part()) }
      let report = self.text(parts) + (await self.registry.report)
      self.clients[token]?.session.reported(report)
      self.handleReply(.done, to: token)
    }
    return nil
  }

  private func text(_ parts: [Part]) -> String {
    func sum(_ count: (Counts) -> Int) -> Int { parts.reduce(0) { $0 + count($1.counts) } }
    let clients = parts.flatMap(\.clients).sorted { $0.id < $1.id }.map(\.json)
    return """
      , "registry": "\(options.registry.rawValue)", "loops": \(peers.count), \
      "broadcasts": \(sum(\.broadcasts)), "publications": \(sum(\.publications)), \
      "deliveries": \(sum(\.deliveries)), "framesDropped": \(sum(\.framesDropped)), \
      "clientsDropped": \(sum(\.clientsDropped)), "clientsTotal": \(sum(\.clients)), \
      "clients": [\(clients.prefix(Self.listedClients).joined(separator: ", "))]
      """
  }

  private func part() -> Part {
    let members = clients.all.lazy.filter { $0.session.clientID != nil }
    return (counts, members.prefix(Self.listedClients).map { ($0.session.clientID ?? 0, json($0)) })
  }

  private func json(_ client: Connection) -> String {
    let topics = client.session.topics.sorted().prefix(Self.listedTopics).map(quoted)
    return """
      {"id": \(client.session.clientID ?? 0), "topics": [\(topics.joined(separator: ", "))], \
      "connectedSeconds": \((loop.buffers.now - client.session.joined).components.seconds), \
      "messagesIn": \(client.session.messagesIn), "messagesOut": \(client.session.messagesOut)}
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
