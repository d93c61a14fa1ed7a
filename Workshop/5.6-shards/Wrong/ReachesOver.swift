// expect: touched a variable of shard
import Kit

final class Shard {
  let index: Int
  private let loop: Loop
  var peers: [Shard] = []
  @Owned private var members: [Int: Client] = [:]
  @Owned private var joined = 0

  init(_ index: Int, _ loop: Loop) { (self.index, self.loop) = (index, loop) }

  func tell(_ message: @escaping (Shard) -> Void) {
    loop.perform { message(self) }
  }

  func join(_ client: Client) -> Int {
    let id = index + 1 + joined * peers.count
    joined += 1
    members[id] = client
    return id
  }

  func leave(_ id: Int) { members[id] = nil }

  func broadcast(_ frame: String) {
    for peer in peers {
      for client in peer.members.values { client.send(frame) }
    }
  }

  func send(_ frame: String, to id: Int) {
    guard id > 0 else { return }
    let owner = peers[(id - 1) % peers.count]
    if owner === self {
      members[id]?.send(frame)
    } else {
      owner.tell { $0.members[id]?.send(frame) }
    }
  }
}
