// expect: it is the smallest Int there is
import Kit

/// Owns the clients of one thread. Only that thread touches its variables; the other threads leave
/// messages.
final class Shard {
  let index: Int
  private let loop: Loop
  /// All shards, including this one; shard `i` is `peers[i]`.
  var peers: [Shard] = []
  /// The clients of this shard, by number.
  @Owned private var members: [Int: Client] = [:]
  /// The number of clients that have ever joined.
  @Owned private var joined = 0

  init(_ index: Int, _ loop: Loop) { (self.index, self.loop) = (index, loop) }

  /// Leaves a message for this shard. Call it from any thread. The shard's own thread carries out
  /// its messages later, one after another.
  func tell(_ message: @escaping (Shard) -> Void) {
    loop.perform { message(self) }
  }

  /// Adds a client and returns its number. The number tells which shard owns the client, so no two
  /// shards give out the same number.
  func join(_ client: Client) -> Int {
    let id = index + 1 + joined * peers.count
    joined += 1
    members[id] = client
    return id
  }

  func leave(_ id: Int) { members[id] = nil }

  /// Sends a frame to all clients of all shards, with one message to each of the other shards.
  func broadcast(_ frame: String) {
    for peer in peers where peer !== self { peer.tell { $0.deliver(frame) } }
    deliver(frame)
  }

  private func deliver(_ frame: String) {
    for client in members.values { client.send(frame) }
  }

  /// Sends a frame to one client on any shard.
  func send(_ frame: String, to id: Int) {
    let owner = peers[abs(id - 1) % peers.count]
    if owner === self {
      members[id]?.send(frame)
    } else {
      owner.tell { $0.members[id]?.send(frame) }
    }
  }
}
