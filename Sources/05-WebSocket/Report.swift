import Common

/// What a shard counts, for itself: no other thread writes here.
struct Counts: Sendable {
  var broadcasts = 0
  var publications = 0
  var deliveries = 0
  var framesDropped = 0
  var clientsDropped = 0

  static func += (left: inout Counts, right: Counts) {
    left.broadcasts += right.broadcasts
    left.publications += right.publications
    left.deliveries += right.deliveries
    left.framesDropped += right.framesDropped
    left.clientsDropped += right.clientsDropped
  }
}

/// What `/stats` tells besides: the counts, and the clients of `/ws`.
extension Shard {
  /// At most so many clients are told one by one.
  private static let reported = 1000

  private struct State: Sendable {
    var counts = Counts()
    var clients = 0
    /// By number; each as a JSON object.
    var first: [(id: ClientID, json: String)] = []
  }

  /// Asks all shards, each of which looks at its own clients on its own thread: no lock, and no common moment either.
  func report(to client: Connection) -> Bool {
    client.pendingReplies += 1
    let token = client.token
    Task {
      var sum = State()
      for shard in peers {
        let state = await shard.state()
        sum.counts += state.counts
        sum.clients += state.clients
        sum.first += state.first
      }
      self.clients[token]?.session.reported(self.text(sum))
      self.answer(.done, to: token)
    }
    return false
  }

  private func text(_ state: State) -> String {
    let counts = state.counts
    let clients = state.first.sorted { $0.id < $1.id }.prefix(Self.reported).map(\.json)
    return """
      , "registry": "\(options.registry.rawValue)", "loops": \(peers.count), \
      "broadcasts": \(counts.broadcasts), "publications": \(counts.publications), \
      "deliveries": \(counts.deliveries), "framesDropped": \(counts.framesDropped), \
      "clientsDropped": \(counts.clientsDropped), "clientsTotal": \(state.clients), \
      "clients": [\(clients.joined(separator: ", "))]
      """
  }

  private func state() -> State {
    let joined = clients.all.compactMap { client in
      client.session.clientID.map { (id: $0, client: client) }
    }
    let first = joined.sorted { $0.id < $1.id }.prefix(Self.reported)
    return State(
      counts: counts, clients: joined.count, first: first.map { ($0.id, json($0.client, $0.id)) })
  }

  private func json(_ client: Connection, _ id: ClientID) -> String {
    let topics = client.session.topics.sorted().map(quoted).joined(separator: ", ")
    return """
      {"id": \(id), "topics": [\(topics)], \
      "connectedSeconds": \((loop.buffers.now - client.connected).components.seconds), \
      "messagesIn": \(client.session.messagesIn), \
      "messagesOut": \(client.session.messagesOut + Int(client.delivered))}
      """
  }
}

/// As a JSON string (RFC 8259 section 7).
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
    if scalar.value >= 0x20 { return String(scalar) }
    return "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
  }
  return "\"" + escaped.joined() + "\""
}
