import Common
import WireProtocols

/// Receiving bytes.
extension WebSocketLoad {
  /// Takes everything that has arrived: an edge-triggered socket does not report again what it has
  /// reported.
  mutating func receive(_ index: Int, _ event: Event) {
    let client = table[index]
    while client.pointee.phase != .ended {
      do {
        guard let count = try client.pointee.link.socket?.receive(into: loop.buffer) else { break }
        loop.lookAtClock()
        if count == 0 { return lose(index, "closed without a close frame") }
        tally.bytesReceived += count
        take(index, UnsafeRawBufferPointer(rebasing: loop.buffer[..<count]))
        // A short read has emptied the socket, unless the end of the stream follows.
        if count < loop.buffer.count && !event.isReadClosed { break }
      } catch {
        return lose(index, error.description)
      }
    }
    flush(index)
  }

  private mutating func take(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
    let client = table[index]
    var position = 0
    if client.pointee.phase == .handshaking { position = takeHandshake(index, bytes) }
    while client.pointee.phase != .ended && client.pointee.phase != .handshaking {
      switch client.pointee.reader.next(bytes, &position) {
      case .more: return
      case .message(let range, let isEnd):
        let piece = UnsafeRawBufferPointer(rebasing: bytes[range])
        if !plan.broadcasts { payload.check(piece, of: &client.pointee) }
        client.pointee.take(piece)
        if isEnd { finishMessage(index) }
      case .control(let opcode): takeControl(index, opcode)
      case .malformed: fail(index)
      }
    }
  }

  @inline(__always)
  private mutating func finishMessage(_ index: Int) {
    let client = table[index]
    // A client that sent its close frame no longer counts anything.
    if client.pointee.phase != .closing {
      if plan.broadcasts { takeAnnouncement(index) } else { takeEcho(index) }
    }
    client.pointee.forgetMessage()
  }

  private mutating func takeControl(_ index: Int, _ opcode: Opcode) {
    let control = table[index].pointee.reader.control
    switch opcode {
    case .ping: append(index, .pong, control)
    case .close:
      guard case .code(let code) = ClosePayload(control) else { return fail(index) }
      if table[index].pointee.phase != .closing { append(index, .close, Array(control.prefix(2))) }
      flush(index)
      lose(index, "closed by the server with code \(code)", code: code)
    default: break
    }
  }

  /// Handles a server that broke the protocol (section 7.1.7).
  private mutating func fail(_ index: Int) {
    append(index, .close, [0x03, 0xEA])
    flush(index)
    lose(index, "the server sent a malformed frame", code: 1002)
  }

  /// Handles the end of the connection. Before the close frame that is a loss.
  mutating func lose(_ index: Int, _ complaint: String, code: UInt16 = 1006) {
    let client = table[index]
    let phase = client.pointee.phase
    client.pointee.phase = .ended
    client.pointee.link.close()
    client.pointee.unsent = UnsentBytes()
    output.removeAll()
    switch phase {
    case .ended: return
    case .closing: open -= 1
    case .open:
      open -= 1
      tally.lost += 1
      tally.closeCodes[code, default: 0] += 1
      inFlight -= client.pointee.inFlight
      forgetReceiver(index)
    default:
      settled += 1
      tally.failed += 1
    }
    if phase != .closing && tally.firstComplaint == nil { tally.firstComplaint = complaint }
  }
}
