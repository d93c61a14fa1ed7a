import BenchSupport
import Common

/// Starting and ending requests.
extension HTTPLoad {
  var mayStart: Bool { tally.started < plan.requestLimit && !loop.isEnding }

  /// Starts the client's next request, and the one after it if that fails at once. If none is due
  /// yet, the client waits; if none is left, it retires.
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

  /// Gives what is due to the clients that have been idle for the longest time.
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

  /// Returns false if it failed; the failure is counted.
  private mutating func start(_ index: Int) -> Bool {
    let client = table[index]
    tally.started += 1
    // If the last answer arrived just now, there is no need to look at the clock again.
    if !client.pointee.isReused { loop.lookAtClock() }
    client.pointee.start = loop.now
    if schedule == nil { client.pointee.due = loop.now }
    guard client.pointee.isReused else { return connect(index) }
    client.pointee.connected = loop.now
    return transmit(index)
  }

  /// Handles an idle connection that is readable: the server closed it, or sent something
  /// unsolicited.
  mutating func leaveIdle(_ index: Int) {
    let client = table[index]
    do {
      // Neither: the event was for bytes that were already read.
      if try client.pointee.link.socket?.receive(into: loop.buffer) == nil { return }
    } catch {}
    client.pointee.close()
  }

  /// Sends the request, or as much of it as the kernel takes. Returns false if it failed; the
  /// failure is counted.
  mutating func transmit(_ index: Int) -> Bool {
    let client = table[index]
    client.pointee.prepareExchange()
    client.pointee.phase = .sending
    return sendRest(index)
  }

  /// Sends the rest of the request. Returns false if it failed; the failure is counted.
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
    // A server that refuses a large body answers before it has read all of it.
    if event.isReadable { receive(index, event) }
    let client = table[index]
    guard event.isWritable, client.pointee.phase == .sending,
      client.pointee.link.owns(event)
    else { return }
    if !sendRest(index) { startNext(index) }
  }

  /// Handles a lost connection. A server may close a kept-alive connection as idle while the
  /// request is on its way: the request is then sent again, on a new connection (RFC 9112 section
  /// 9.3.1). Everything else is a failure. Returns true if the request is in flight again.
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

  /// Counts a request that will get no answer, and closes its connection. Without `-r`, a socket
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
