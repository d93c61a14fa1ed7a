import Common

/// What a shard counts, for itself: no other thread writes here.
struct Counts: Sendable {
  var broadcasts = 0
  var publications = 0
  var deliveries = 0
  var framesDropped = 0
  var clientsDropped = 0

  static func + (left: Counts, right: Counts) -> Counts {
    Counts(
      broadcasts: left.broadcasts + right.broadcasts,
      publications: left.publications + right.publications,
      deliveries: left.deliveries + right.deliveries,
      framesDropped: left.framesDropped + right.framesDropped,
      clientsDropped: left.clientsDropped + right.clientsDropped)
  }
}

/// One client of `/ws`, as `/stats` tells it.
struct ClientReport: Sendable {
  let id: ClientID
  let topics: Set<String>
  let seconds: Int
  let messagesIn: Int
  let messagesOut: Int

  var json: String {
    let topics = topics.sorted().map { "\"\(escaped($0))\"" }.joined(separator: ", ")
    return """
      {"id": \(id), "topics": [\(topics)], "connectedSeconds": \(seconds), \
      "messagesIn": \(messagesIn), "messagesOut": \(messagesOut)}
      """
  }

  /// RFC 8259 section 7.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
      if scalar.value >= 0x20 { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

extension Shard {
  /// At most so many clients are told one by one.
  private static let reported = 1000

  /// Asks all shards, each of which looks at its own clients on its own thread: no lock, and no common moment either.
  func report(to client: Client) -> Bool {
    client.answersDue += 1
    let token = client.token
    Task {
      let text = await self.gather()
      self.clients[token]?.session.reported(text)
      self.answer(.done, to: token)
    }
    return false
  }

  private func gather() async -> String {
    var counts = Counts()
    var clients: [ClientReport] = []
    var total = 0
    for shard in peers {
      let part = await shard.state()
      counts = counts + part.counts
      total += part.total
      clients += part.clients
    }
    let listed = clients.sorted { $0.id < $1.id }.prefix(Self.reported).map(\.json)
    return """
      , "registry": "\(options.registry.rawValue)", "loops": \(peers.count), \
      "broadcasts": \(counts.broadcasts), "publications": \(counts.publications), \
      "deliveries": \(counts.deliveries), "framesDropped": \(counts.framesDropped), \
      "clientsDropped": \(counts.clientsDropped), "clientsTotal": \(total), \
      "clients": [\(listed.joined(separator: ", "))]
      """
  }

  private func state() -> (counts: Counts, total: Int, clients: [ClientReport]) {
    let now = loop.now.instant
    let joined = clients.all.filter { $0.session.clientID != nil }
    let first = joined.sorted { $0.session.clientID! < $1.session.clientID! }
      .prefix(Self.reported)
    let reports = first.map { client in
      ClientReport(
        id: client.session.clientID ?? 0, topics: client.session.topics,
        seconds: Int((now - client.connected).components.seconds),
        messagesIn: client.session.messagesIn,
        messagesOut: client.session.messagesOut + Int(client.delivered))
    }
    return (counts, joined.count, reports)
  }
}
