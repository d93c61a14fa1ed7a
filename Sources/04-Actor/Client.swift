import Common

/// A client's socket, with an `await` where chapter 1's blocks.
final class Client: Waiter, @unchecked Sendable {
  // Unchecked: once its task has started, it belongs to its loop's thread.
  let socket: Socket
  /// Here and not in `serve`, whose variables take up their place in the task's memory several times over.
  @exclusivity(unchecked) var session: Session
  /// Where other clients leave frames for this one, once it has joined.
  var mailbox: Mailbox?
  private var turns: UInt8 = 0

  init(_ socket: consuming Socket, _ service: HelloService) {
    self.socket = socket
    session = Session(service)
  }

  /// Waits for bytes. A client that always has some lets the others run from time to time.
  func readable(until deadline: Instant, on loop: EventLoop) async -> Wakeup {
    turns = mayRead ? turns &+ 1 : 0
    if turns % 16 == 15 { await Task.yield() }
    return await wait(for: .reading, until: deadline, on: loop)
  }

  /// Takes what has arrived, if anything has; does not wait.
  func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    let count = try socket.receive(into: &buffer)
    // A short read has emptied the socket. The end of the stream is an exception, it waits behind the bytes.
    if count == nil || count! < buffer.count && !isReadClosed { mayRead = false }
    return count
  }

  /// Sends at once, and waits only when the kernel does not take all.
  @inline(__always)
  func sendAll(_ bytes: [UInt8], within timeout: Duration, on loop: EventLoop) async throws {
    let sent = try socket.send(bytes, 0..<bytes.count) ?? 0
    if sent < bytes.count { try await sendRest(bytes, sent, timeout, loop) }
  }

  // The functions that are rarely needed are kept out of `serve`: what is inlined there takes its place in the task's
  // memory for as long as the client stays.
  @inline(never)
  private func sendRest(
    _ bytes: [UInt8], _ start: Int, _ timeout: Duration, _ loop: EventLoop
  ) async throws {
    var sent = start
    while sent < bytes.count {
      mayWrite = false
      let deadline = loop.now.instant + timeout
      guard case .ready = await wait(for: .writing, until: deadline, on: loop) else {
        throw CancellationError()
      }
      sent += try socket.send(bytes, sent..<bytes.count) ?? 0
    }
  }

  @inline(never)
  func sleep(for time: Duration, on loop: EventLoop) async throws {
    let deadline = loop.now.instant + time
    guard case .timedOut = await wait(for: .sleeping, until: deadline, on: loop) else {
      throw CancellationError()
    }
  }
}
