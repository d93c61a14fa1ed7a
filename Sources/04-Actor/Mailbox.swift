import Common

/// Where the manager leaves frames for a client: its outbox, as seen by the others. Only the client's own task writes to the
/// socket, so the mailbox is the one thing about a client that several threads touch.
final class Mailbox: @unchecked Sendable {
  // Unchecked: the variables are touched only while holding the mutex.
  private let mutex = PosixMutex()
  private var frames: [[UInt8]] = []
  private var size = 0
  private let limit: Int
  private let reactor: Reactor
  private let token: Token

  /// - Parameter limit: bytes that may lie here.
  init(_ token: Token, _ reactor: Reactor, limit: Int) {
    (self.token, self.reactor, self.limit) = (token, reactor, limit)
  }

  // snippet: post
  /// Leaves a frame, which all receivers share, and wakes the client. Who lets the mailbox run over is cut off.
  func post(_ frame: [UInt8]) {
    let (isFirst, isOver) = mutex.withLock {
      size += frame.count
      if size <= limit { frames.append(frame) }
      return (frames.count == 1, size > limit)
    }
    if isOver { reactor.tell(token, .cancel) } else if isFirst { reactor.tell(token, .news) }
  }
  // snippet: end

  /// Takes everything out.
  func empty() -> [[UInt8]] {
    mutex.withLock {
      defer { (frames, size) = ([], 0) }
      return frames
    }
  }
}
