import Common

/// Every client sends, and gets back what it sent.
extension WebSocketLoad {
  mutating func runEcho() throws(SystemError) {
    for index in 0..<born where table[index].pointee.phase == .open {
      loop.lookAtClock()
      for _ in 0..<plan.inFlight { startNext(index) }
      flush(index)
    }
    while open > 0 && !loop.isEnding && (inFlight > 0 || schedule != nil && mayStart) {
      try turn(until: .max, due: idle.count > 0 && mayStart ? schedule?.next ?? .max : .max)
      if schedule != nil && mayStart { sendDue() }
    }
    tally.unfinished = loop.isEnding ? inFlight : 0
  }

  /// Sends the client's next message; with a rate, if one is due.
  @inline(__always)
  private mutating func startNext(_ index: Int) {
    guard mayStart else { return }
    if schedule == nil { return sendNumbered(index, due: loop.now) }
    if let due = schedule?.take(at: loop.now) {
      sendNumbered(index, due: due)
    } else {
      idle.append(index)
    }
  }

  /// Gives what is due to the clients that have been idle for the longest time.
  private mutating func sendDue() {
    while idle.count > 0, mayStart, let next = schedule?.next, next <= loop.now {
      guard let index = idle.popFirst(), table[index].pointee.phase == .open,
        let due = schedule?.take(at: loop.now)
      else { continue }
      loop.lookAtClock()
      sendNumbered(index, due: due)
      flush(index)
    }
  }

  @inline(__always)
  private mutating func sendNumbered(_ index: Int, due: UInt64) {
    let client = table[index]
    if client.pointee.inFlight == 0 { client.pointee.since = loop.now }
    let number = UInt64(index) << 40 | client.pointee.nextOut
    client.pointee.nextOut += 1
    client.pointee.inFlight += 1
    inFlight += 1
    tally.sent += 1
    tally.expected += 1
    append(index, .binary, payload.with(number: number, sent: loop.now, due: due))
  }

  /// Handles a complete message.
  @inline(__always)
  mutating func takeEcho(_ index: Int) {
    let client = table[index]
    noteMessage()
    let (number, sent, due) = client.pointee.numbers
    let isWhole =
      client.pointee.position == plan.size && !client.pointee.differs
      && client.pointee.reader.messageKind == .binary
    let isOurs = number >> 40 == index && number & (1 << 40 - 1) < client.pointee.nextOut
    guard isWhole, isOurs, loop.begin <= due, due <= sent, sent <= loop.now else {
      tally.mismatched += 1
      // It arrived instead of a message that was sent.
      if client.pointee.inFlight > 0 { countBack(index) }
      return
    }
    switch client.pointee.order.place(of: number & (1 << 40 - 1)) {
    case .next: break
    case .late: tally.outOfOrder += 1
    case .again:
      tally.duplicates += 1
      return
    }
    tally.received += 1
    times.roundTrip.record(loop.now - sent)
    if schedule != nil {
      times.late.record(sent - due)
      times.response.record(loop.now - due)
    }
    countBack(index)
  }

  @inline(__always)
  private mutating func countBack(_ index: Int) {
    let client = table[index]
    client.pointee.inFlight -= 1
    client.pointee.since = loop.now
    inFlight -= 1
    startNext(index)
  }
}
