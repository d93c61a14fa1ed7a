import Kit

/// Owns the clients of one thread. Only that thread touches its variables; the other threads leave
/// messages.
final class Shard {
  let index: Int
  private let loop: Loop
  /// All shards, including this one; shard `i` is `peers[i]`.
  var peers: [Shard] = []
  /// The clients of this shard, by number. `@Owned` lets the check see which thread touches it.
  /// Mark the variables that you add in the same way.
  @Owned private var members: [Int: Client] = [:]

  init(_ index: Int, _ loop: Loop) { (self.index, self.loop) = (index, loop) }

  /// Leaves a message for this shard: `peers[2].tell { shard in … }`. Call it from any thread. The
  /// shard's own thread carries out its messages later, one after another.
  func tell(_ message: @escaping (Shard) -> Void) {
    loop.perform { message(self) }
  }

  // The methods below are called only on this shard's own thread.

  /// Adds a client and returns its number.
  ///
  /// Requirements: shard `i` of `n` gives out `i + 1`, `i + 1 + n`, `i + 1 + 2n` and so on, and
  /// never the same number twice.
  func join(_ client: Client) -> Int {
    // Yours to write.
    return 0
  }

  /// Removes the client with this number. The client belongs to this shard.
  func leave(_ id: Int) {
  }

  /// Sends a frame to all clients of all shards: `client.send(frame)`.
  ///
  /// Requirements: each client gets the frame once, from the thread of the client's shard, and
  /// before anything that this shard sends later. One message goes to each of the other shards.
  func broadcast(_ frame: String) {
  }

  /// Sends a frame to one client on any shard. Does nothing if no client has this number.
  ///
  /// Requirements: this takes at most one message, to the shard that owns the client. `id` is a
  /// number that some client typed.
  func send(_ frame: String, to id: Int) {
  }
}
