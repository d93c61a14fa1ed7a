import Common
import Glibc

/// A client among many: all of them are served by one thread, the test's.
final class SwarmClient: Registered {
  let socket: Socket
  let token: Token
  /// Text messages, in the order in which they came.
  var texts: [String] = []
  var closeCode: Int?
  var hasEnded = false
  var isOpen = false
  /// A client that plays dead reads nothing.
  var reads = true
  var pongs = true
  private(set) var pings = 0
  private var input: [UInt8] = []

  init(_ socket: consuming Socket, _ token: Token) {
    self.socket = socket
    self.token = token
  }

  /// Sends text messages, all in one piece.
  func send(_ texts: String...) throws { try send(texts) }

  func send(_ texts: [String]) throws {
    try socket.sendAll(texts.flatMap { Self.frame(0x1, Array($0.utf8)) })
  }

  /// A masked frame; the mask is zero.
  static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let length: [UInt8] =
      payload.count < 126
      ? [0x80 | UInt8(payload.count)]
      : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    return [0x80 | opcode] + length + [0, 0, 0, 0] + payload
  }

  func receive(_ buffer: inout [UInt8]) throws {
    let number = socket.descriptor.number
    while reads, !hasEnded {
      let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 && errno == EAGAIN { return }
      if count <= 0 { hasEnded = true } else { input += buffer[..<count] }
      try parse()
    }
  }

  private func parse() throws {
    var start = 0
    if !isOpen {
      guard let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
      guard input.starts(with: "HTTP/1.1 101 ".utf8) else {
        throw TestError(String(decoding: input, as: UTF8.self))
      }
      isOpen = true
      start = end.upperBound
    }
    while let (opcode, payload) = nextFrame(from: start) {
      start = payload.upperBound
      switch opcode {
      case 0x1: texts.append(String(decoding: input[payload], as: UTF8.self))
      case 0x8: closeCode = Int(input[payload.lowerBound]) << 8 | Int(input[payload.lowerBound + 1])
      case 0x9:
        pings += 1
        if pongs { try socket.sendAll(Self.frame(0xA, Array(input[payload]))) }
      default: throw TestError("unexpected opcode \(opcode)")
      }
    }
    input.removeFirst(start)
  }

  private func nextFrame(from start: Int) -> (UInt8, Range<Int>)? {
    guard input.count >= start + 2 else { return nil }
    var header = 2
    var length = Int(input[start + 1])
    if length == 126 {
      guard input.count >= start + 4 else { return nil }
      length = Int(input[start + 2]) << 8 | Int(input[start + 3])
      header = 4
    }
    guard input.count >= start + header + length else { return nil }
    return (input[start] & 0xf, start + header..<start + header + length)
  }
}

/// Thousands of clients on one thread.
final class Swarm {
  let server: ServerProcess
  private let poller: Poller
  private var events = ReadyEvents()
  private var table = TokenTable<SwarmClient>()
  private var buffer = [UInt8](repeating: 0, count: 65536)

  init(_ server: ServerProcess) throws {
    self.server = server
    poller = try Poller()
  }

  /// Connects, and asks for a WebSocket; the answer is awaited by ``waitUntil(_:_:)``.
  func connect(
    from source: UInt32 = 0x7f00_0001, receiveBuffer: Int32? = nil
  ) throws -> SwarmClient {
    let socket = try connectSocket(port: server.port, from: source, receiveBuffer: receiveBuffer)
    let token = table.makeToken(for: socket.descriptor.number)
    try socket.sendAll(Self.handshake)
    let client = SwarmClient(socket, token)
    table.insert(client)
    try poller.register(client.socket.descriptor.number, token: token, interest: .readable)
    return client
  }

  private static let handshake = Array(
    """
    GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
    """.utf8)

  /// So many clients, connected as WebSockets.
  func connect(_ count: Int) throws -> [SwarmClient] {
    let clients = try (0..<count).map { _ in try connect() }
    try waitUntil("\(count) handshakes are done") { clients.allSatisfy(\.isOpen) }
    return clients
  }

  /// A client that played dead reads again. With an edge trigger, what has come meanwhile is not reported again.
  func wake(_ client: SwarmClient) throws {
    client.reads = true
    try client.receive(&buffer)
  }

  func hangUp(_ client: SwarmClient) {
    try? poller.deregister(client.socket.descriptor.number)
    table.remove(client.token)
    client.hasEnded = true
    client.socket.shutdown()
  }

  /// Reads whatever comes, until the condition holds. It is looked at whenever all that had come is read.
  func waitUntil(
    _ what: String, within patience: Duration = .seconds(60), _ condition: () -> Bool
  ) throws {
    let deadline = Instant.now + patience
    while !condition() {
      if deadline <= .now { throw TestError("not within \(patience): \(what)") }
      try poller.wait(for: &events, until: min(deadline, .now + .milliseconds(200)))
      for index in 0..<events.count { try table[events[index].token]?.receive(&buffer) }
    }
  }

  /// Sends each client a message and waits for the answer: then all that was on its way to it is there.
  func numbers(of clients: [SwarmClient]) throws -> [Int] {
    let before = clients.map(\.texts.count)
    for client in clients { try client.send("whoami") }
    var found = [Int?](repeating: nil, count: clients.count)
    try waitUntil("everybody has got a number") {
      for (index, client) in clients.enumerated() where found[index] == nil {
        let answer = client.texts.dropFirst(before[index]).last { $0.hasPrefix("You are client ") }
        found[index] = answer.flatMap { Int($0.dropFirst("You are client ".count)) }
      }
      return found.allSatisfy { $0 != nil }
    }
    return found.compactMap(\.self)
  }
}

let registries = ["sharded", "actor", "mutex"]
