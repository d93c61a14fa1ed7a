/// The things that clients do that may keep a server from serving the others.
enum FailureMode: String, Decodable, CaseIterable {
  case slowBackend, silence, halfRequest, idleWebSocket, unreadAnswer, unreadMessage, computation

  /// Whether another client is answered while this many clients of this kind are connected.
  /// - Parameter burn: for how many milliseconds each of them lets the server compute.
  func isAnswered(beside count: Int, by chapter: Chapter, burn: Int = 10_000) throws -> Bool {
    let server = try ServerProcess(chapter, Self.options(chapter))
    let crowd = try (0..<count).map { _ in try join(server, burn: burn) }
    let other = try server.connect()
    if self == .computation {
      // A server that computes is not quiet. It has answered in time if it does so before it
      // answers the crowd.
      try other.send(request("/"))
      _ = try other.readResponse()
      return !crowd.contains { $0.client.hasInput() }
    }
    try server.waitUntilQuiet()
    try ask(other, beside: crowd)
    try other.waitUntilDelivered()
    // It has everything it needs for an answer. If it sleeps without answering, it is waiting for a
    // client of the crowd.
    try server.waitUntilQuiet()
    return try self == .unreadMessage ? hearsItsName(other) : other.hasInput()
  }

  /// No client is disconnected while the test looks, and the kernel keeps very little for clients
  /// that do not read.
  private static func options(_ chapter: Chapter) -> [String] {
    ["--header-timeout", "--idle-timeout", "--heartbeat", "--send-timeout"].flatMap { [$0, "10m"] }
      + PartialWriteTests.tiny + (chapter.servesAtOnce == nil ? ["--outbox", "8KiB"] : [])
  }

  /// Adds a client to the crowd, and returns its number on `/ws`.
  private func join(_ server: ServerProcess, burn: Int) throws -> (client: Client, id: Int) {
    let client = try Client(port: server.port, receiveBuffer: 4096)
    switch self {
    case .silence: break
    case .halfRequest: try client.send("GET / HTTP/1.1\r\nHost: te")
    case .slowBackend: try client.send(request("/?delay=60s"))
    case .unreadAnswer: try client.send(request("/chat"))
    case .idleWebSocket, .unreadMessage:
      let webSocket = WebSocketClient(client)
      try webSocket.handshake("/ws")
      return (client, try webSocket.askWhoAmI())
    case .computation:
      // The first answer shows that the second request was read too, and is next.
      try client.send(request("/") + request("/burn?ms=\(burn)", "Connection: close"))
      _ = try client.readResponse()
    }
    return (client, 0)
  }

  /// What the other client wants: an answer, or to send a long message to each client of the crowd
  /// and then get an answer.
  private func ask(_ other: Client, beside crowd: [(client: Client, id: Int)]) throws {
    guard self == .unreadMessage else { return try other.send(request("/")) }
    let long = String(repeating: "x", count: 10_000)
    let messages = crowd.flatMap { member in (1...4).map { _ in "send \(member.id) \(long)" } }
    try other.send(WebSocketClient.upgrade("/ws"))
    for text in messages + ["whoami"] { try WebSocketClient(other).send(text) }
  }

  private func hearsItsName(_ other: Client) throws -> Bool {
    guard other.hasInput() else { return false }
    _ = try other.readHead()
    while other.hasInput() {
      if try WebSocketClient(other).readText().hasPrefix("You are client") { return true }
    }
    return false
  }
}
