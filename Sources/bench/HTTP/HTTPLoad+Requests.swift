import BenchSupport
import Common

/// How a request begins and ends.
extension HTTPLoad {
  var mayStart: Bool { tally.started < plan.requestLimit && !loop.isEnding }

  /// Starts the client's next request, and the one after it where that fails at once. Where none is
  /// due yet it waits, and where none is left it retires.
  mutating func startNext(_ index: Int) {
    while mayStart {
      guard schedule == nil || takeDue(index) else {
        table[index].pointee.phase = .idle
        idle.append(index)
        active -= 1
        return
      }
      if start(index) { return }
      loop.lookAtClock()
      noticeEnd()
    }
    table[index].pointee.close()
    table[index].pointee.phase = .retired
    active -= 1
  }

  /// What is due goes to those who have been idle for longest.
  mutating func startDue() {
    while mayStart, let next = schedule?.next, next <= loop.now, let index = idle.popFirst() {
      active += 1
      loop.lookAtClock()
      startNext(index)
    }
  }

  private mutating func takeDue(_ index: Int) -> Bool {
    guard let due = schedule?.take(at: loop.now) else { return false }
    table[index].pointee.due = due
    return true
  }

  /// False: it failed, and is counted.
  private mutating func start(_ index: Int) -> Bool {
    let client = table[index]
    tally.started += 1
    // Where the last answer came just now there is no need to look at the clock again.
    if !client.pointee.isReused { loop.lookAtClock() }
    client.pointee.start = loop.now
    if schedule == nil { client.pointee.due = loop.now }
    guard client.pointee.isReused else { return connect(index) }
    client.pointee.connected = loop.now
    return transmit(index)
  }

  /// An idle connection is readable now: the server closed it, or sent something unasked.
  mutating func leaveIdle(_ index: Int) {
    let client = table[index]
    do {
      // Neither: the event was for what has been read already.
      if try client.pointee.link.socket?.receive(into: loop.buffer) == nil { return }
    } catch {}
    client.pointee.close()
  }

  /// Sends the request, or as much of it as the kernel takes. False: it failed, and is counted.
  mutating func transmit(_ index: Int) -> Bool {
    let client = table[index]
    client.pointee.prepareExchange()
    client.pointee.phase = .sending
    return sendRest(index)
  }

  /// Sends what is left of the request. False: it failed, and is counted.
  mutating func sendRest(_ index: Int) -> Bool {
    let client = table[index]
    let rest = UnsafeRawBufferPointer(rebasing: plan.request[client.pointee.sent...])
    do {
      let count = try client.pointee.link.socket?.send(rest) ?? 0
      client.pointee.sent += count
      tally.bytesSent += count
      if count == rest.count {
        client.pointee.phase = .waiting
      } else {
        try client.pointee.link.watch(index, [.readable, .writable], loop)
      }
      return true
    } catch {
      return recover(index, from: .unsendable, error)
    }
  }

  mutating func continueSending(_ index: Int, _ event: Event) {
    // A server that refuses a large body answers before it has read it all.
    if event.isReadable { receive(index, event) }
    let client = table[index]
    guard event.isWritable, client.pointee.phase == .sending,
      client.pointee.link.owns(event)
    else { return }
    if !sendRest(index) { startNext(index) }
  }

  /// The connection is gone. A kept-alive one may have been closed as idle while the request was on
  /// its way: then the request is sent again, on a new one (RFC 9112 section 9.3.1). Everything
  /// else is a failure. True: the request is under way again.
  mutating func recover(_ index: Int, from failure: Failure, _ error: SystemError?) -> Bool {
    let client = table[index]
    if client.pointee.isReused && client.pointee.firstByte == 0 && plan.isIdempotent {
      tally.retried += 1
      client.pointee.close()
      return connect(index)
    }
    fail(index, failure, error)
    return false
  }

  /// Counts a request that will get no answer, and closes its connection. Without `-r` a socket
  /// error ends the run.
  mutating func fail(_ index: Int, _ failure: Failure, _ error: SystemError? = nil) {
    tally.count(failure)
    tally.note(error.map { "\($0)" } ?? failure.rawValue)
    table[index].pointee.close()
    if let error, !plan.goesOnAfterErrors {
      loop.error = error
      loop.isEnding = true
    }
  }
}
