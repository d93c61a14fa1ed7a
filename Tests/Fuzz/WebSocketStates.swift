// The WebSocket state machine alone: any bytes and any events, in any order. After a Close frame
// nothing but pongs follows and no message is delivered; after the end nothing happens.

private func mayFollow(_ old: WebSocketConnection.State, _ new: WebSocketConnection.State) -> Bool {
  switch (old, new) {
  case (.open, _), (.pinged, _), (.closing, .closing), (.closing, .closed), (.closed, .closed): true
  default: false
  }
}

private let maxMessage = 1000

private struct Client: ~Copyable {
  var connection = WebSocketConnection()
  var output = OutputBuffer()

  /// True when the connection is closed.
  mutating func receive(_ bytes: ArraySlice<UInt8>) -> Bool {
    connection.receive()
    connection.input.append(bytes.span)
    while true {
      let old = connection.state
      let mayTalk = connection.mayTalk
      let action = connection.next(&output, maxMessage: maxMessage)
      precondition(mayFollow(old, connection.state), "\(old) → \(connection.state)")
      if !mayTalk { checkPongs() }
      output.removeAll()
      switch action {
      case .message(let opcode):
        precondition(mayTalk && !opcode.isControl && connection.input.message.count <= maxMessage)
      case .needMore:
        connection.input.compact()
        precondition(connection.input.bytes.count <= maxMessage + 131)
        return false
      case .close:
        precondition(connection.state == .closed)
        precondition(connection.next(&output, maxMessage: maxMessage) == .needMore)
        precondition(connection.state == .closed && output.isEmpty)
        return true
      case .sendPing: fatalError("bytes need no ping")
      }
    }
  }

  /// Checks that the output consists of pongs.
  private func checkPongs() {
    let bytes = output.bytes
    var index = 0
    while index < bytes.count {
      precondition(bytes[index] == 0x80 | Opcode.pong.rawValue)
      index += 2 + Int(bytes[index + 1])
    }
  }

  mutating func happen(_ event: UInt8) {
    let old = connection.state
    switch event & 3 {
    case 0: precondition((connection.timeOut() == .sendPing) == (old == .open))
    case 1:
      connection.goAway(&output)
      precondition(output.isEmpty == (old == .closing || old == .closed))
    default: break
    }
    output.removeAll()
    precondition(mayFollow(old, connection.state), "\(old) → \(connection.state)")
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  var client = Client()
  var start = 0
  for (number, end) in delivery.cuts.enumerated() {
    if client.receive(delivery.bytes[start..<end]) { return 0 }
    start = end
    let event = UInt8(truncatingIfNeeded: delivery.sizes[number % 4])
    if event & 0x38 == 0x38 { client.happen(event) }
  }
  return 0
}
