// The HTTP state machine alone: any bytes and any events, in any order. Its table is checked from
// outside: each state has only the transitions in the table, and each action occurs only in its
// state.

private func mayFollow(_ old: HTTPConnection.State, _ new: HTTPConnection.State) -> Bool {
  switch (old, new) {
  case (.idle, _) where new != .upgraded: true
  case (.head, .head), (.head, .body), (.head, .complete), (.head, .refused): true
  case (.body, .body), (.body, .complete), (.body, .refused), (.body, .closed): true
  case (.complete, .complete), (.complete, .idle), (.complete, .closed): true
  case (.complete, .upgraded), (.refused, .refused), (.refused, .closed): true
  case (.upgraded, .upgraded), (.closed, .closed): true
  default: false
  }
}

private struct Client: ~Copyable {
  var http = HTTPConnection()
  /// The bytes that are not consumed yet.
  var input: [UInt8] = []

  /// Reads as far as possible; never consumes more bytes than there are.
  mutating func read() {
    while true {
      let old = http.state
      let bytes = input
      let action = http.read(bytes.span)
      precondition(mayFollow(old, http.state), "\(old) → \(http.state)")
      switch action {
      case .needMore(let count):
        input.removeFirst(count)
        precondition(count == 0 || http.state == .body)
        precondition(input.count <= RequestParser.maxHeaderSection || http.state != .head)
        return
      case .head(let count):
        precondition(http.state == .body || http.state == .complete)
        precondition(count <= RequestParser.maxHeaderSection && count > 0)
        input.removeFirst(count)
      case .request(let count):
        precondition(http.state == .complete)
        input.removeFirst(count)
      case .refuse(let status):
        precondition(http.state == .refused && http.refusal == status)
        return
      case .close: fatalError("bytes must not close the connection")
      }
    }
  }

  mutating func happen(_ event: UInt8) {
    let old = http.state
    switch event & 7 {
    case 0: _ = http.timeOut()
    case 1: _ = http.endOfInput()
    case 2: _ = http.stop()
    case 3: http.upgrade()
    case 4: precondition(old != .complete || http.respond(andClose: true) == .close)
    default:
      guard old == .complete || old == .refused else { return }
      let persistence = http.respond(andClose: false)
      precondition((persistence == .close) == (http.state == .closed))
      precondition(old != .refused || persistence == .close)
    }
    precondition(mayFollow(old, http.state), "\(old) → \(http.state)")
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  var client = Client()
  var start = 0
  for (number, end) in delivery.cuts.enumerated() {
    client.input += delivery.bytes[start..<end]
    start = end
    client.read()
    // A request is answered, so that the next one can follow; now and then something else happens.
    let event = UInt8(truncatingIfNeeded: delivery.sizes[number % 4])
    client.happen(event & 0x38 == 0x38 ? event : 7)
    if client.http.state == .idle { client.read() }
  }
  return 0
}
