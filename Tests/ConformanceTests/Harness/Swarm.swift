import Common

/// Thousands of clients on one thread.
final class Swarm {
  let server: ServerProcess
  private let poller: Poller
  private var events = ReadyEvents()
  private let table = Slab<SwarmClient>()
  private var buffer = [UInt8](repeating: 0, count: 65536)

  init(_ server: ServerProcess) throws {
    self.server = server
    poller = try Poller()
  }

  /// Connects, and asks for a WebSocket; ``waitUntil(_:_:)`` waits for the answer.
  func connect(
    from source: UInt32 = 0x7f00_0001, receiveBuffer: Int32? = nil, to other: ServerProcess? = nil
  ) throws -> SwarmClient {
    let descriptor = try connectTCP(
      port: (other ?? server).port, from: source, receiveBuffer: receiveBuffer)
    let token = table.makeToken(for: descriptor.number)
    let client = SwarmClient(Socket(descriptor), token)
    try client.socket.sendAll(Array(WebSocketClient.upgrade("/ws").utf8))
    table.insert(client)
    try poller.register(client.socket.descriptor.number, token: token, interest: .readable)
    return client
  }

  /// Connects this many clients and opens their WebSockets.
  func connect(_ count: Int, to other: ServerProcess? = nil) throws -> [SwarmClient] {
    let clients = try (0..<count).map { _ in try connect(to: other) }
    try waitUntil("\(count) handshakes are done") { clients.allSatisfy(\.isOpen) }
    return clients
  }

  /// Makes a client that did not read for a while read again. With an edge trigger, the kernel does
  /// not report again what arrived meanwhile.
  func wake(_ client: SwarmClient) throws {
    client.reads = true
    try client.receive(&buffer)
  }

  func hangUp(_ client: SwarmClient) {
    table.remove(client.token)
    client.hasEnded = true
    client.socket.shutdown()
  }

  /// Reads whatever arrives until the condition holds. The condition is checked whenever everything
  /// that had arrived is read.
  func waitUntil(
    _ what: String, within patience: Duration = .seconds(60), _ condition: () -> Bool
  ) throws {
    let deadline = Instant.now + patience
    while !condition() {
      if deadline <= .now { throw HarnessError("this did not happen within \(patience): \(what)") }
      try poller.wait(for: &events, until: min(deadline, .now + .milliseconds(200)))
      for index in 0..<events.count { try table[events[index].token]?.receive(&buffer) }
    }
  }

  /// Sends each client a message and waits for the answer: by then everything on its way to that
  /// client has arrived.
  func numbers(of clients: [SwarmClient]) throws -> [Int] {
    let before = clients.map(\.texts.count)
    for client in clients { try client.send("whoami") }
    var found = [Int?](repeating: nil, count: clients.count)
    try waitUntil("every client has its number") {
      for (index, client) in clients.enumerated() where found[index] == nil {
        let answer = client.texts.dropFirst(before[index]).last { $0.hasPrefix("You are client ") }
        found[index] = answer.flatMap { Int($0.dropFirst("You are client ".count)) }
      }
      return found.allSatisfy { $0 != nil }
    }
    return found.compactMap(\.self)
  }
}
