import Kit

/// Owns the clients of one thread. Only that thread touches what is in here; the others leave
/// messages.
final class Shard {
  let index: Int
  private let loop: Loop
  /// All shards, this one too; shard `i` is `peers[i]`.
  var peers: [Shard] = []
  /// The clients of this shard by their numbers. `@Owned`: the check sees whose thread touches it.
  /// Mark what you add like this, too.
  @Owned private var members: [Int: Client] = [:]

  init(_ index: Int, _ loop: Loop) { (self.index, self.loop) = (index, loop) }

  /// Leaves this shard a message, from any thread. Its own thread carries it out later, one after
  /// the other: `peers[2].tell { shard in … }`.
  func tell(_ message: @escaping (Shard) -> Void) {
    loop.perform { message(self) }
  }

  // What follows is called by this shard's own thread.

  /// Takes in a client, and returns its number.
  ///
  /// What must hold: shard `i` of `n` gives out `i + 1`, `i + 1 + n`, `i + 1 + 2n` and so on, and
  /// no number twice.
  func join(_ client: Client) -> Int {
    // Yours to write.
    return 0
  }

  /// The client with this number is gone. It is one of this shard.
  func leave(_ id: Int) {
  }

  /// Sends a frame to all clients of all shards: `client.send(frame)`.
  ///
  /// What must hold: each client gets it once, from the thread of its own shard, and before
  /// whatever this shard sends later. One message to each of the other shards.
  func broadcast(_ frame: String) {
  }

  /// Sends a frame to one client, of whatever shard. Where nobody has this number, nothing happens.
  ///
  /// What must hold: at most one message, to the shard that owns the client. `id` is what some
  /// client has typed.
  func send(_ frame: String, to id: Int) {
  }
}
