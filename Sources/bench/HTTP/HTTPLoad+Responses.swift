import Common

/// Receiving answers.
extension HTTPLoad {
  /// Makes one `recv` and handles what it returned.
  mutating func receive(_ index: Int, _ event: Event) {
    let count: Int
    do {
      guard let received = try table[index].pointee.link.socket?.receive(into: loop.buffer) else {
        return
      }
      count = received
    } catch {
      if !recover(index, from: .reset, error) { startNext(index) }
      return
    }
    loop.lookAtClock()
    if count == 0 {
      finishAtEnd(index)
    } else {
      take(index, UnsafeRawBufferPointer(rebasing: loop.buffer[..<count]), event)
    }
  }

  private mutating func take(_ index: Int, _ bytes: UnsafeRawBufferPointer, _ event: Event) {
    let client = table[index]
    tally.bytesReceived += bytes.count
    let isFirst = client.pointee.firstByte == 0
    if isFirst { client.pointee.firstByte = loop.now }
    if isFirst && remembered.matches(bytes) && plan.verbosity < 3 {
      let staysOpen = remembered.isPersistent && !event.isReadClosed
      complete(index, status: remembered.status, remembered.bodyBytes, staysOpen: staysOpen)
      return
    }
    switch client.pointee.parser.receive(bytes.bindMemory(to: UInt8.self).span) {
    case .complete:
      if isFirst { remembered.remember(bytes, parsedBy: client.pointee.parser) }
      completeParsed(index, staysOpen: !event.isReadClosed)
    case .malformed:
      fail(index, .notHTTP)
      startNext(index)
    case .more:
      readOn(index, tookAll: bytes.count < loop.buffer.count && !event.isReadClosed)
    }
  }

  /// An edge-triggered socket does not report again what it has reported. If `recv` may have left
  /// something in the socket, bytes or the end of the stream, the poller is asked to look again.
  private mutating func readOn(_ index: Int, tookAll: Bool) {
    guard !tookAll else { return }
    do {
      let client = table[index]
      let isSending = client.pointee.phase == .sending
      try client.pointee.link.watch(index, isSending ? [.readable, .writable] : .readable, loop)
    } catch {
      fail(index, .reset, error)
      startNext(index)
    }
  }

  /// Handles a server that closed its side.
  private mutating func finishAtEnd(_ index: Int) {
    if table[index].pointee.parser.isCompleteAtEnd() {
      completeParsed(index, staysOpen: false)
    } else if !recover(index, from: .truncated, nil) {
      startNext(index)
    }
  }

  private mutating func completeParsed(_ index: Int, staysOpen: Bool) {
    let parser = table[index].pointee.parser
    guard let head = parser.head else { return }
    servers.note(parser.server)
    if plan.verbosity >= 3 { log(parser, head) }
    complete(
      index, status: head.status, parser.bodyBytes, staysOpen: staysOpen && head.isPersistent)
  }

  /// Handles a complete answer: counts it, and starts the next request on the same connection if
  /// possible.
  private mutating func complete(_ index: Int, status: Int, _ bodyBytes: Int, staysOpen: Bool) {
    let client = table[index]
    countAnswer(status: status, bodyBytes)
    samples.append(
      Sample(
        start: client.pointee.start - loop.begin,
        connect: client.pointee.connected - client.pointee.start,
        wait: client.pointee.firstByte - client.pointee.connected,
        total: loop.now - client.pointee.start,
        late: client.pointee.start - client.pointee.due))
    // An answer in the middle of the request leaves a connection that cannot be used again.
    if plan.keepAlive && staysOpen && client.pointee.phase == .waiting {
      tally.keptAlive += 1
      client.pointee.isReused = true
    } else {
      client.pointee.close()
    }
    startNext(index)
  }

  private mutating func countAnswer(status: Int, _ bodyBytes: Int) {
    tally.bodyBytes += bodyBytes
    guard 200..<300 ~= status else {
      tally.non2xx += 1
      if documentLength == nil { documentLength = bodyBytes }
      return
    }
    if tally.ok == 0 { documentLength = bodyBytes }
    if bodyBytes == documentLength || plan.variableLength {
      tally.ok += 1
    } else {
      tally.lengthDiffers += 1
      tally.note("\(bodyBytes) bytes instead of \(documentLength ?? 0) (see -l)")
    }
  }

  private func log(_ parser: ResponseParser, _ head: ResponseHead) {
    if plan.verbosity >= 4 { print("LOG: header received:\n\(parser.printableHead)") }
    print("LOG: Response code = \(head.status)")
  }
}
