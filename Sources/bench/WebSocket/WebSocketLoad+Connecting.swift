import Common

/// Opening WebSockets (RFC 6455 section 4.1).
extension WebSocketLoad {
  mutating func connectAll() throws(SystemError) {
    var ramp = plan.ramp.map { Schedule(rate: $0, begin: loop.begin) }
    while settled < table.count && !loop.isEnding {
      while born < table.count && !loop.isEnding {
        if ramp == nil {
          guard born - settled < Self.connectingAtOnce else { break }
        } else {
          guard ramp?.take(at: loop.now) != nil else { break }
        }
        born += 1
        loop.lookAtClock()
        table[born - 1].pointee.since = loop.now
        connect(born - 1)
      }
      if settled < table.count {
        try turn(until: .max, due: born < table.count ? ramp?.next ?? .max : .max)
      }
    }
  }

  private mutating func connect(_ index: Int) {
    let client = table[index]
    while true {
      do {
        let isConnected = try client.pointee.link.open(index, &connector, loop)
        client.pointee.phase = .connecting
        if isConnected { sendHandshake(index) }
        return
      } catch {
        guard client.pointee.link.moveOn(&connector) else { return failToConnect(index, error) }
      }
    }
  }

  /// Handles a writable socket: it is connected, or failed (connect(2), `EINPROGRESS`).
  mutating func finishConnecting(_ index: Int, _ event: Event) {
    let client = table[index]
    let code = client.pointee.link.socket?.pendingError ?? 0
    if code == 0 {
      sendHandshake(index)
      if event.isReadable { receive(index, event) }
    } else if client.pointee.link.moveOn(&connector) {
      connect(index)
    } else {
      failToConnect(index, SystemError(call: "connect", code: code))
    }
  }

  /// If the server was never reachable, the run ends.
  private mutating func failToConnect(_ index: Int, _ error: SystemError) {
    if !connector.hasConnected { loop.isEnding = true }
    lose(index, error.description)
  }

  private mutating func sendHandshake(_ index: Int) {
    connector.hasConnected = true
    let client = table[index]
    client.pointee.phase = .handshaking
    client.pointee.key = plan.handshake.makeKey()
    let request = plan.handshake.request + client.pointee.key + Array("\r\n\r\n".utf8)
    request.withUnsafeBytes { send(index, $0) }
  }

  /// Takes bytes of the answer to the handshake. Returns how many: the rest are frames.
  mutating func takeHandshake(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
    let client = table[index]
    let before = client.pointee.answer.count
    client.pointee.answer += bytes
    guard let end = client.pointee.answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
      if client.pointee.answer.count > HeadStore.headCapacity {
        lose(index, "the answer to the handshake is too long")
      }
      return bytes.count
    }
    let head = Array(client.pointee.answer[..<end.upperBound])
    noteServer(head)
    if let complaint = plan.handshake.complaint(about: head, key: client.pointee.key) {
      lose(index, complaint)
    } else {
      times.connect.record(loop.now - client.pointee.since)
      (client.pointee.answer, client.pointee.key) = ([], [])
      if plan.broadcasts { join(index) } else { settle(index) }
    }
    return end.upperBound - before
  }

  /// Remembers which server answered: there may be several at the same address.
  private mutating func noteServer(_ head: [UInt8]) {
    if let server = HeadFields(head.span).value(of: "server") {
      servers.note(Array(server.utf8)[...])
    }
  }

  /// The client is ready for the load.
  mutating func settle(_ index: Int) {
    table[index].pointee.phase = .open
    tally.achieved += 1
    settled += 1
    open += 1
  }
}
