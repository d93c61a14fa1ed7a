// A whole session that gets the same bytes twice: all at once, and cut into packets. What it sends,
// what it asks of the driver, and that it ends must not depend on the cuts.
//
// Three things may depend on them: answers may wait while the next command is carried out, `100
// Continue` is not sent to a client whose body has started to arrive, and a half-close is not
// needed if nothing is left to read.

private enum Happening: Equatable {
  case waited(Duration)
  case burned(Duration)
  case delivered(Command)
  case finished
}

/// A driver without a network.
private struct Driver: ~Copyable {
  private var session: Session
  private var buffers = IOBuffers.atStart
  private(set) var events: [Happening] = []
  private(set) var said: [UInt8] = []

  init(topics: Bool) {
    var options = ServerOptions()
    options.maxMessage = 1000
    session = Session(HelloService(name: "fuzz", options: options, topics: topics))
  }

  /// Takes bytes; none means the end of the stream. Returns true at the end of the session, and
  /// otherwise when it needs more.
  mutating func receive(_ bytes: ArraySlice<UInt8>) -> Bool {
    buffers.input = Array(bytes)
    session.receive(bytes.count, &buffers)
    while true {
      switch session.next(&buffers) {
      case .read: return false
      case .write:
        said += buffers.output.bytes
        buffers.output.removeAll()
      case .pause(let time): events.append(.waited(time))
      case .burn(let time): events.append(.burned(time))
      case .deliver(let command):
        events.append(.delivered(command))
        deliver(command)
      case .halfClose: break
      case .finish:
        events.append(.finished)
        return true
      }
    }
  }

  private mutating func deliver(_ command: Command) {
    switch command {
    case .join: session.joined(as: 1)
    case .broadcast(let frame), .send(let frame, to: 1): session.enqueue(frame)
    case .send(_, let id): session.noClient(id)
    case .report: session.reported("")
    case .subscribe, .unsubscribe, .publish: break
    }
  }
}

private let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
private let uptime = Array("\"uptimeSeconds\": ".utf8)

private func withoutWhatMayDiffer(_ said: [UInt8]) -> [UInt8] {
  var rest: [UInt8] = []
  var index = 0
  while index < said.count {
    if said[index...].starts(with: continueResponse) {
      index += continueResponse.count
    } else if said[index...].starts(with: uptime) {  // The only answer that depends on a clock.
      index = min(index + uptime.count + 3, said.count)
    } else {
      rest.append(said[index])
      index += 1
    }
  }
  return rest
}

private func play(_ bytes: [UInt8], _ cuts: [Int], topics: Bool) -> ([Happening], [UInt8]) {
  var driver = Driver(topics: topics)
  var start = 0
  for end in cuts {
    if driver.receive(bytes[start..<end]) {
      return (driver.events, withoutWhatMayDiffer(driver.said))
    }
    start = end
  }
  precondition(driver.receive([]), "the session does not end, although the client finished")
  return (driver.events, withoutWhatMayDiffer(driver.said))
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  let topics = delivery.sizes[0] & 1 == 0
  let whole = play(delivery.bytes, [delivery.bytes.count], topics: topics)
  let cut = play(delivery.bytes, delivery.cuts, topics: topics)
  precondition(whole == cut, "the conversation differs when it is cut")
  return 0
}
