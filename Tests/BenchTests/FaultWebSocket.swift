import CLinux
import Common
import Glibc
import Synchronization
import WireProtocols

/// A WebSocket server that misbehaves as told: what it does with a message depends on the message's
/// number, counted from 1 over all connections. It knows `whoami` and `broadcast`, and echoes
/// everything else.
final class FaultWebSocket: Sendable {
  enum Step: Sendable {
    case answer
    /// Answers in fragments, with a ping between them, a byte in each `send`.
    case drip
    case swallow
    case twice
    /// Answers after the answer to the next message.
    case behindTheNext
    /// Answers with a different last byte.
    case corrupt
    /// Answers with a text message, whatever the message was.
    case asText
    /// Sends a close frame with this code instead of an answer.
    case close(UInt16)
    /// Ends the connection without a close frame.
    case drop
    /// Sends these bytes instead of an answer.
    case bytes([UInt8])
    /// Broadcasts, but leaves out this many of the receivers.
    case leaveOut(Int)
  }

  private struct Record {
    var messages = 0
    var handshakes: [String] = []
    var clients: [FaultClient] = []
    var isUnmasked = false
    var pongs = 0
  }

  let port: UInt16
  private let listener: Listener
  private let handshake: @Sendable (String) -> String
  private let script: @Sendable (Int) -> Step
  private let record = Mutex(Record())

  /// - Parameter handshake: the answer to a handshake with this `Sec-WebSocket-Accept`.
  static func start(
    handshake: @escaping @Sendable (String) -> String = FaultWebSocket.upgrade,
    script: @escaping @Sendable (Int) -> Step
  ) throws -> FaultWebSocket {
    let server = FaultWebSocket(try Listener(host: "127.0.0.1", port: 0), handshake, script)
    try spawnThread(named: "accept") { server.acceptAll() }
    return server
  }

  private init(
    _ listener: consuming Listener, _ handshake: @escaping @Sendable (String) -> String,
    _ script: @escaping @Sendable (Int) -> Step
  ) {
    port = listener.address.port
    self.listener = listener
    self.handshake = handshake
    self.script = script
  }

  static func upgrade(_ accept: String) -> String {
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
      + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"
  }

  var url: String { "ws://127.0.0.1:\(port)/" }
  var hasSeenUnmasked: Bool { record.withLock { $0.isUnmasked } }
  /// The requests that asked for a WebSocket, in order.
  var handshakes: [String] { record.withLock { $0.handshakes } }
  /// Pongs with the payload of our pings.
  var pongs: Int { record.withLock { $0.pongs } }

  /// Returns when this many messages have arrived.
  func waitForMessages(_ count: Int) {
    while record.withLock({ $0.messages }) < count { sched_yield() }
  }

  func stop() { shutdown(listener.descriptor.number, Int32(SHUT_RDWR)) }

  private func acceptAll() {
    while let accepted = listener.nextClient() {
      let client = FaultClient(FaultConnection(accepted))
      try? spawnThread(named: "connection") { self.serve(client) }
    }
  }

  private func serve(_ client: FaultClient) {
    guard let request = client.connection.readRequest(),
      let key = request.split(separator: "\r\n").first(where: {
        $0.hasPrefix("Sec-WebSocket-Key: ")
      })
    else { return }
    record.withLock { $0.handshakes.append(request) }
    let bytes = Array(key.dropFirst("Sec-WebSocket-Key: ".count).utf8)
    let accept = String(decoding: Handshake.accept(key: bytes.span), as: UTF8.self)
    guard client.connection.send(Array(handshake(accept).utf8)) else { return }
    record.withLock { record in
      record.clients.append(client)
      client.number = record.clients.count
    }
    while let frame = client.connection.readFrame(), frame.opcode != 0x8 {
      if !frame.isMasked { record.withLock { $0.isUnmasked = true } }
      if frame.opcode == 0xA && frame.payload == FaultConnection.ping {
        record.withLock { $0.pongs += 1 }
      }
      if frame.opcode < 0x8 && !answer(frame, client) { break }
    }
    record.withLock { record in record.clients.removeAll { $0 === client } }
  }

  /// Returns false when the connection is over.
  private func answer(_ frame: FaultConnection.Frame, _ client: FaultClient) -> Bool {
    if frame.payload == Array("whoami".utf8) {
      return client.connection.send(.text("You are client \(client.number)"))
    }
    let step = script(
      record.withLock { record in
        record.messages += 1
        return record.messages
      })
    return frame.payload == Array("broadcast".utf8)
      ? broadcast(client, step) : client.echo(frame, step)
  }

  private func broadcast(_ sender: FaultClient, _ step: Step) -> Bool {
    let hello = FaultConnection.Frame.text("Hello from client \(sender.number)")
    // While holding the lock, so that two broadcasts do not mix.
    return record.withLock { record in
      var leftOut = 0
      if case .leaveOut(let count) = step { leftOut = count }
      return record.clients.dropFirst(leftOut).allSatisfy { $0.echo(hello, step) }
    }
  }
}
