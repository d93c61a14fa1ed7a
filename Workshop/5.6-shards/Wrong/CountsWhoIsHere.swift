// expect: was already given to another client
import Kit

final class Shard {
  let index: Int
  private let loop: Loop
  var peers: [Shard] = []
  @Owned private var members: [Int: Client] = [:]

  init(_ index: Int, _ loop: Loop) { (self.index, self.loop) = (index, loop) }

  func tell(_ message: @escaping (Shard) -> Void) {
    loop.perform { message(self) }
  }

  func join(_ client: Client) -> Int {
    let id = index + 1 + members.count * peers.count
    members[id] = client
    return id
  }

  func leave(_ id: Int) { members[id] = nil }

  func broadcast(_ frame: String) {
    for peer in peers where peer !== self { peer.tell { $0.deliver(frame) } }
    deliver(frame)
  }

  private func deliver(_ frame: String) {
    for client in members.values { client.send(frame) }
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
