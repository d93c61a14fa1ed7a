// A session with everything that can happen between its bytes: deadlines, time that jumps, a stop,
// the end of the stream, frames from other clients. It never crashes, always ends, and neither
// sends nor keeps more than it should.

/// The interruption is chosen by the byte that follows the packet's bytes.
private enum Interruption: UInt8, CaseIterable {
  case none, timeOut, laterTime, earlierTime, stop, end, frame, noClient
}

private let maxMessage = 1000
/// The longest answer to the shortest request, and a margin.
private let mostSaid = 1000

private struct Driver: ~Copyable {
  var session: Session
  private var buffers = IOBuffers.atStart
  private var received = 0
  private var said = 0

  init() {
    var options = ServerOptions()
    options.maxMessage = maxMessage
    session = Session(HelloService(name: "fuzz", options: options, topics: true))
  }

  /// The input that the session keeps.
  private var kept: Int {
    switch session.state {
    case .idle: 0
    case .request(let pending): pending.input.bytes.count
    case .webSocket(let webSocket): webSocket.connection.input.bytes.count
    }
  }

  /// No bytes mean the end of the stream.
  mutating func receive(_ bytes: [UInt8]) {
    received += bytes.count + 1
    buffers.input = bytes
    session.receive(bytes.count, &buffers)
  }

  mutating func interrupt(_ interruption: Interruption) {
    received += 1
    switch interruption {
    case .none: break
    case .timeOut: session.timeOut()
    case .laterTime: buffers.now = buffers.now + .seconds(3600)
    case .earlierTime: buffers.now = start
    case .stop: session.stop()
    case .end: receive([])
    case .frame: session.enqueue(FrameEncoder.text("from another client"))
    case .noClient: session.noClient(7)
    }
  }

  /// Returns true at the end of the session.
  mutating func advance() -> Bool {
    for _ in 0...2 * received + 10 {
      switch session.next(&buffers) {
      case .read:
        precondition(
          kept <= RequestParser.maxHeaderSection + maxMessage + 131, "it keeps \(kept) bytes")
        return false
      case .write:
        said += buffers.output.count
        precondition(said <= mostSaid * (received + 1), "it sends too much")
        buffers.output.removeAll()
      case .deliver(.join): session.joined(as: 1)
      case .deliver(.report): session.reported("")
      case .pause, .burn, .deliver, .halfClose: break
      case .finish: return true
      }
    }
    fatalError("it never waits")
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var rest = UnsafeBufferPointer(start: data, count: count)[...]
  var driver = Driver()
  // A size, an interruption, and that many bytes; again and again. The first size is large, for a
  // whole request. Some packets are repeated many times: a flood.
  var scale = 4
  while rest.count >= 2 {
    let size = Int(rest.removeFirst()) * scale
    let order = rest.removeFirst()
    driver.interrupt(Interruption.allCases[Int(order) % Interruption.allCases.count])
    if driver.advance() { return 0 }
    let bytes = Array(rest.prefix(size))
    rest = rest.dropFirst(size)
    for _ in 0...Int(order >> 5) * 16 where !bytes.isEmpty {
      driver.receive(bytes)
      if driver.advance() { return 0 }
    }
    scale = 1
  }
  // In any state, a stop and deadlines that pass end the session.
  driver.session.stop()
  for _ in 1...5 {
    if driver.advance() { return 0 }
    driver.session.timeOut()
  }
  precondition(driver.advance(), "the session does not end, although every deadline has passed")
  return 0
}
