import Common

/// A client's socket, with an `await` where chapter 1's blocks.
final class Client: @unchecked Sendable {
  // Unchecked: once its task has started, it belongs to its loop's thread.
  let socket: Socket
  let waiter = Waiter()
  /// Where other clients leave frames for this one, once it has joined.
  var mailbox: Mailbox?
  var id: ClientID?
  private var turns = 0

  init(_ socket: consuming Socket) { self.socket = socket }

  /// Waits for bytes. A client that always has some lets the others run from time to time.
  func readable(until deadline: Instant, on loop: EventLoop) async -> Waiter.Wakeup {
    turns = waiter.mayRead ? turns + 1 : 0
    if turns % 16 == 15 { await Task.yield() }
    return await waiter.wait(for: .reading, until: deadline, on: loop)
  }

  /// Takes what has arrived, if it has; does not wait.
  func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    let count = try socket.receive(into: &buffer)
    // A short read has emptied the socket. The end of the stream is an exception, it waits behind the bytes.
    if count == nil || count! < buffer.count && !waiter.isReadClosed { waiter.mayRead = false }
    return count
  }

  /// Waits whenever the kernel takes no more.
  func sendAll(_ bytes: [UInt8], within timeout: Duration, on loop: EventLoop) async throws {
    var sent = 0
    while true {
      sent += try socket.send(bytes, sent..<bytes.count) ?? 0
      if sent == bytes.count { return }
      waiter.mayWrite = false
      let deadline = loop.now.instant + timeout
      guard case .ready = await waiter.wait(for: .writing, until: deadline, on: loop) else {
        throw CancellationError()
      }
    }
  }

  func sleep(until deadline: Instant, on loop: EventLoop) async throws {
    guard case .timedOut = await waiter.wait(for: .sleeping, until: deadline, on: loop) else {
      throw CancellationError()
    }
  }
}
