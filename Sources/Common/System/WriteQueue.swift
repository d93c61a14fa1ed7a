// snippet: queue
/// A queue of bytes that wait for a socket: frames, which all their receivers share, and the
/// client's own answers.
///
/// Frames from other clients are counted, because others decide how many there are. Answers need no
/// limit: while something is queued, the client's next message is not read, so there is never more
/// than one batch of them.
final class WriteQueue {
  private struct Piece {
    let bytes: [UInt8]
    /// A frame from another client, which may be dropped; the client's own answers may not.
    let isFrame: Bool
    /// The memory that it uses.
    var size: Int { bytes.count + MemoryLayout<Piece>.stride }
  }

  private var pieces: [Piece] = []
  /// The index of the first piece that is not sent completely, and how many of its bytes are sent.
  private var head = 0
  private var sent = 0
  /// The memory of all frames in the queue.
  private(set) var frameBytes = 0
  /// The send deadline; `nil` if the kernel took something since the last look.
  private var progress: SendProgress?

  func append(_ bytes: [UInt8], isFrame: Bool, sent: Int = 0) {
    let piece = Piece(bytes: bytes, isFrame: isFrame)
    if isFrame { frameBytes += piece.size }
    if pieces.isEmpty { self.sent = sent }
    pieces.append(piece)
  }

  /// Offers everything to the kernel; returns false if it did not take all.
  func flush(to socket: borrowing Socket) throws(SystemError) -> Bool {
    while head < pieces.count {
      let parts = min(pieces.count - head, Socket.maxParts)
      let (first, pieces) = (head, pieces)
      let taken = try socket.send(parts: parts, skipping: sent) { pieces[first + $0].bytes }
      guard let taken else { return false }
      progress = nil
      if !remove(taken, of: parts) { return false }
    }
    return true
  }

  /// Removes the bytes that the kernel took; returns false if it left some of these pieces.
  private func remove(_ count: Int, of parts: Int) -> Bool {
    sent += count
    let end = head + parts
    while head < end, sent >= pieces[head].bytes.count {
      sent -= pieces[head].bytes.count
      removeFirst()
    }
    // Waiting until half of the array is used up means that each piece is moved only once on
    // average.
    let isDone = head == end
    if head > 32, 2 * head > pieces.count {
      pieces.removeSubrange(..<head)
      head = 0
    }
    return isDone
  }

  /// Releases the bytes of the first piece. Its slot stays in the array until the array is
  /// compacted.
  private func removeFirst() {
    if pieces[head].isFrame { frameBytes -= pieces[head].size }
    pieces[head] = Piece(bytes: [], isFrame: false)
    head += 1
  }

  /// Drops whole frames, the oldest first, until the rest fits; never a frame that is partly sent.
  /// - Returns: the number of frames that were dropped.
  func dropOldest(until limit: Int) -> Int {
    var dropped = 0
    var index = head + (sent > 0 ? 1 : 0)
    while frameBytes > limit, index < pieces.count {
      if pieces[index].isFrame {
        // The few pieces before it that stay move up: answers, and a frame that is partly sent.
        for place in stride(from: index, to: head, by: -1) { pieces.swapAt(place, place - 1) }
        removeFirst()
        dropped += 1
      }
      index += 1
    }
    return dropped
  }

  /// Returns when to look again; see ``SendProgress/nextLook(_:timeout:at:)``.
  func nextLook(
    _ socket: borrowing Socket, timeout: Duration, at now: Instant
  ) throws(SystemError) -> Instant {
    var progress = self.progress ?? SendProgress(socket, at: now)
    defer { self.progress = progress }
    return try progress.nextLook(socket, timeout: timeout, at: now)
  }
}
// snippet: end
