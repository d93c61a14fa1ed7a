import Common

/// What waits for a client's socket: references to frames that all receivers share, and answers of its own.
///
/// Frames from others are bounded, because others decide how many there are. Answers need no bound: as long as something
/// waits, the client's next message is not looked at, so there is never more than one batch of them.
struct Outbox {
  private struct Piece {
    var bytes: [UInt8]
    /// A frame from a client's message, which may be dropped; a session's own bytes may not.
    var isFrame: Bool
    /// What it costs to keep.
    var size: Int { bytes.count + MemoryLayout<Piece>.stride }
  }

  private var pieces: [Piece] = []
  /// The first piece that has not gone out, and how many of its bytes have.
  private var head: UInt32 = 0
  private var sent: UInt32 = 0
  /// Before this piece there is nothing left to drop.
  private var oldest: UInt32 = 0
  /// Pieces that were sent or dropped and still have their place.
  private var spent: UInt32 = 0
  /// Bytes of frames that wait here.
  private(set) var frameBytes: UInt32 = 0

  var isEmpty: Bool { pieces.isEmpty }

  /// - Parameters:
  ///   - isFrame: whether this comes from a client's message, and is shared by its receivers; otherwise it is an answer.
  ///   - sent: how many bytes the kernel has taken already; more than none only where nothing else waits.
  mutating func append(_ bytes: [UInt8], isFrame: Bool, sent: Int = 0) {
    let piece = Piece(bytes: bytes, isFrame: isFrame)
    pieces.append(piece)
    if isFrame { frameBytes += UInt32(piece.size) }
    if sent > 0 { self.sent = UInt32(sent) }
  }

  /// Offers everything to the kernel; false where it did not take all.
  mutating func flush(to socket: borrowing Socket) throws(SystemError) -> Bool {
    while !pieces.isEmpty {
      let first = Int(head)
      let parts = min(pieces.count - first, Socket.maxParts)
      let pieces = pieces
      let taken = try socket.send(parts: parts, skipping: Int(sent)) { pieces[first + $0].bytes }
      guard let taken else { return false }
      if !take(taken, of: parts) { return false }
    }
    return true
  }

  /// Passes over what the kernel took; false where it left something of these pieces.
  private mutating func take(_ count: Int, of parts: Int) -> Bool {
    var rest = count
    var isShort = false
    for _ in 0..<parts {
      let piece = pieces[Int(head)]
      let left = piece.bytes.count - Int(sent)
      if rest < left {
        sent += UInt32(rest)
        isShort = true
        break
      }
      rest -= left
      if piece.isFrame && !piece.bytes.isEmpty { frameBytes -= UInt32(piece.size) }
      if !piece.bytes.isEmpty { spent += 1 }
      pieces[Int(head)].bytes = []
      (head, sent) = (head + 1, 0)
    }
    compact()
    return !isShort
  }

  /// Drops whole frames, the oldest first, until those that wait fit; never one of which a part has gone out.
  /// - Returns: how many.
  mutating func dropOldest(until limit: Int) -> Int {
    var dropped = 0
    var index = max(Int(oldest), Int(head) + (sent > 0 ? 1 : 0))
    while frameBytes > limit, index < pieces.count {
      if pieces[index].isFrame && !pieces[index].bytes.isEmpty {
        frameBytes -= UInt32(pieces[index].size)
        pieces[index].bytes = []
        (dropped, spent) = (dropped + 1, spent + 1)
      }
      index += 1
    }
    oldest = UInt32(index)
    compact()
    return dropped
  }

  /// Closes the gaps where they are half of all; gives the memory back where nothing is left.
  private mutating func compact() {
    if spent == pieces.count {
      self = Outbox()
    } else if spent > 32, 2 * Int(spent) > pieces.count {
      pieces.removeAll { $0.bytes.isEmpty }
      (head, oldest, spent) = (0, 0, 0)
    }
  }
}
