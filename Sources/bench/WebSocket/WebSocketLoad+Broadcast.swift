import Common

/// One client sends, every client gets it; then the next client sends. So the sender's number in a
/// message tells which broadcast it belongs to.
extension WebSocketLoad {
  /// Asks for the client's number: the answer proves that the server has registered it.
  mutating func join(_ index: Int) {
    table[index].pointee.phase = .joining
    append(index, .text, Array("whoami".utf8))
  }

  mutating func runBroadcasts() throws(SystemError) {
    while open > 0 && !loop.isEnding && (round.isUnderWay || mayStart) {
      if !round.isUnderWay { startRound() }
      if round.isUnderWay {
        try turn(until: round.begin + plan.timeout)
      } else {
        try turn(until: .max, due: schedule?.next ?? .max)
      }
      let isTooLate = round.isUnderWay && loop.now >= round.begin + plan.timeout
      if round.isComplete || isTooLate { finishRound() }
    }
    if loop.isEnding && round.isUnderWay { tally.unfinished = round.receivers - round.arrived }
  }

  /// With a rate, only if one is due.
  private mutating func startRound() {
    loop.lookAtClock()
    if schedule != nil {
      guard let due = schedule?.take(at: loop.now) else { return }
      times.late.record(loop.now - due)
    }
    var sender = round.sender
    repeat { sender = (sender + 1) % born } while table[sender].pointee.phase != .open
    round.start(
      from: sender, name: table[sender].pointee.name, receivers: open, at: loop.now)
    tally.sent += 1
    tally.expected += open
    append(sender, .text, Array("broadcast".utf8))
    flush(sender)
  }

  private mutating func finishRound() {
    if round.arrived > 0 { times.last.record(lastMessage - round.begin) }
    round.finish()
  }

  /// Handles a complete message from `/ws`.
  mutating func takeAnnouncement(_ index: Int) {
    let client = table[index]
    if client.pointee.phase == .joining { return takeName(index) }
    noteMessage()
    guard client.pointee.isMessage(round.text) else {
      if client.pointee.isMessage(round.previousText) {
        tally.outOfOrder += 1
      } else {
        tally.mismatched += 1
      }
      return
    }
    guard client.pointee.lastRound < round.number else {
      tally.duplicates += 1
      return
    }
    client.pointee.lastRound = round.number
    guard round.isUnderWay else {
      tally.outOfOrder += 1
      return
    }
    let isMiddle = round.arrive()
    tally.received += 1
    let elapsed = loop.now - round.begin
    if round.arrived == 1 { times.first.record(elapsed) }
    if isMiddle { times.median.record(elapsed) }
  }

  /// The answer to `whoami`.
  private mutating func takeName(_ index: Int) {
    let client = table[index]
    let words = Array("You are client ".utf8)
    let message = client.pointee.message
    guard message.starts(with: words), message.count > words.count else {
      return lose(index, "no answer to whoami: '\(String(decoding: message, as: UTF8.self))'")
    }
    client.pointee.name = Array(message[words.count...])
    settle(index)
  }

  /// Handles a client that is gone: if it did not get the current broadcast, it never will.
  mutating func forgetReceiver(_ index: Int) {
    guard round.isUnderWay, table[index].pointee.lastRound < round.number else { return }
    round.forgetReceiver()
  }
}
