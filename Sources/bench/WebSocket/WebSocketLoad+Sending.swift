import Common
import WireProtocols

/// Sending frames.
extension WebSocketLoad {
  /// Adds a frame to those that ``flush(_:)`` sends.
  @inline(__always)
  mutating func append(_ index: Int, _ opcode: Opcode, _ payload: UnsafeRawBufferPointer) {
    if !output.hasRoom(for: payload.count) { flush(index) }
    output.append(opcode, payload)
  }

  mutating func append(_ index: Int, _ opcode: Opcode, _ payload: [UInt8]) {
    payload.withUnsafeBytes { append(index, opcode, $0) }
  }

  /// Sends the frames for this client.
  @inline(__always)
  mutating func flush(_ index: Int) {
    guard output.count > 0 else { return }
    send(index, output.bytes)
    output.removeAll()
  }

  /// Sends bytes, or keeps what the kernel does not take.
  mutating func send(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
    let client = table[index]
    guard client.pointee.phase != .ended else { return }
    tally.bytesSent += bytes.count
    guard client.pointee.unsent.isEmpty else { return client.pointee.unsent.append(bytes) }
    do {
      let count = try client.pointee.link.socket?.send(bytes) ?? 0
      guard count < bytes.count else { return }
      client.pointee.unsent.append(UnsafeRawBufferPointer(rebasing: bytes[count...]))
      try client.pointee.link.watch(index, [.readable, .writable], loop)
    } catch {
      lose(index, error.description)
    }
  }

  /// Handles a socket that takes bytes again.
  mutating func sendRest(_ index: Int) {
    let client = table[index]
    do {
      while !client.pointee.unsent.isEmpty {
        let tookAll = try client.pointee.unsent.sendFirst { bytes throws(SystemError) in
          try client.pointee.link.socket?.send(bytes) ?? 0
        }
        if !tookAll { return try client.pointee.link.watch(index, [.readable, .writable], loop) }
      }
    } catch {
      lose(index, error.description)
    }
  }

  /// Sends every server connection a close frame and waits for the answers (section 7.1.2).
  mutating func sayGoodbye() throws(SystemError) {
    for index in 0..<born where table[index].pointee.phase == .open {
      append(index, .close, [0x03, 0xE8])
      table[index].pointee.phase = .closing
      flush(index)
    }
    loop.lookAtClock()
    let deadline = loop.now + Self.patience
    while open > 0 && loop.now < deadline { try turn(until: deadline) }
  }
}
