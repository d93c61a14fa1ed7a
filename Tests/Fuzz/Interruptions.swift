// A session among everything that can come between its bytes: deadlines, time that jumps, a stop, the end of the stream, frames
// from others. It never crashes, always comes to its end, and neither says nor keeps more than what it was told allows.

/// What comes next is the byte behind the bytes.
private enum Interruption: UInt8, CaseIterable {
  case none, timeOut, laterTime, earlierTime, stop, end, frame, noClient
}

private let maxMessage = 1000
/// The longest answer to the shortest request, and some more.
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

  /// What the session keeps of what has arrived.
  private var kept: Int {
    switch session.state {
    case .idle: 0
    case .request(let pending): pending.input.bytes.count
    case .webSocket(let webSocket): webSocket.connection.input.bytes.count
    }
  }

  /// No bytes are the end of the stream.
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

  /// True at the end of the session.
  mutating func advance() -> Bool {
    for _ in 0...2 * received + 10 {
      switch session.next(&buffers) {
      case .read:
        precondition(kept <= RequestParser.maxHeaderSection + maxMessage + 131, "keeps \(kept)")
        return false
      case .write:
        said += buffers.output.count
        precondition(said <= mostSaid * (received + 1), "says too much")
        buffers.output.removeAll()
      case .deliver(.join): session.joined(as: 1)
      case .deliver(.report): session.reported("")
      case .pause, .burn, .deliver, .halfClose: break
      case .finish: return true
      }
    }
    fatalError("never waits")
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var rest = UnsafeBufferPointer(start: data, count: count)[...]
  var driver = Driver()
  // A size, an interruption, and so many bytes; over and over. The first size is large, for a whole request. Some packets come
  // again and again: a flood.
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
  // Whatever state it is in: a stop, and deadlines that nobody keeps, end it.
  driver.session.stop()
  for _ in 1...5 {
    if driver.advance() { return 0 }
    driver.session.timeOut()
  }
  precondition(driver.advance(), "no end, although every deadline is over")
  return 0
}
