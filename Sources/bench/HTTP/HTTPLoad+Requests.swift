import Common

/// How a request begins and ends.
extension HTTPLoad {
  /// Starts the client's next request, and the one after it where that fails at once. Where none is left,
  /// the client retires.
  mutating func startNext(_ index: Int) {
    let connection = table[index]
    while tally.started < plan.requestLimit && !loop.isEnding {
      tally.started += 1
      if connection.pointee.isReused {
        // The last answer came just now: no need to look at the clock again.
        connection.pointee.start = loop.now
        connection.pointee.connected = loop.now
        if transmit(index) { return }
      } else {
        connection.pointee.start = Instant.now.nanoseconds
        if connect(index) { return }
      }
      loop.lookAtClock()
      noticeEnd()
    }
    connection.pointee.close()
    connection.pointee.phase = .retired
    active -= 1
  }

  /// Sends the request, or as much of it as the kernel takes. False: it failed, and is counted.
  mutating func transmit(_ index: Int) -> Bool {
    let connection = table[index]
    connection.pointee.prepareExchange()
    connection.pointee.phase = .sending
    return sendRest(index)
  }

  /// Sends what is left of the request. False: it failed, and is counted.
  mutating func sendRest(_ index: Int) -> Bool {
    let connection = table[index]
    let rest = UnsafeRawBufferPointer(rebasing: plan.request[connection.pointee.sent...])
    do {
      let count = try connection.pointee.socket?.send(rest) ?? 0
      connection.pointee.sent += count
      tally.bytesSent += count
      if count == rest.count {
        connection.pointee.phase = .waiting
      } else {
        try watch(index, [.readable, .writable])
      }
      return true
    } catch {
      return recover(index, from: .unsendable, error)
    }
  }

  mutating func continueSending(_ index: Int, _ event: Event) {
    // A server that refuses a large body answers before it has read it all.
    if event.isReadable { receive(index, event) }
    let connection = table[index]
    guard event.isWritable, connection.pointee.phase == .sending,
      connection.pointee.generation == event.token.generation
    else { return }
    if !sendRest(index) { startNext(index) }
  }

  /// Makes the poller look at a socket again, and report what is ready already.
  mutating func watch(_ index: Int, _ interest: Interest) throws(SystemError) {
    let connection = table[index]
    let token = Token(index: UInt32(index), generation: connection.pointee.generation)
    guard let number = connection.pointee.socket?.descriptor.number else { return }
    try loop.poller.reregister(number, token: token, interest: interest)
  }

  /// The connection is gone. A kept-alive one may have been closed as idle while the request was on its way: then
  /// the request is sent again, on a new one (RFC 9112 section 9.3.1). Everything else is a failure.
  /// True: the request is under way again.
  mutating func recover(_ index: Int, from failure: Failure, _ error: SystemError?) -> Bool {
    let connection = table[index]
    if connection.pointee.isReused && connection.pointee.firstByte == 0 && plan.isIdempotent {
      tally.retried += 1
      connection.pointee.close()
      return connect(index)
    }
    fail(index, failure, error)
    return false
  }

  /// Counts a request that will get no answer, and closes its connection. Without `-r` a socket error ends the run.
  mutating func fail(_ index: Int, _ failure: Failure, _ error: SystemError? = nil) {
    tally.count(failure)
    table[index].pointee.close()
    if let error, !plan.goesOnAfterErrors {
      loop.error = error
      loop.isEnding = true
    }
  }
}
