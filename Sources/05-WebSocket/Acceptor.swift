import Common
import Glibc
import Synchronization

/// The door, on the first loop. Clients are handed to all loops in turn: a listener per loop (`SO_REUSEPORT`) would spread
/// them by a hash, evenly only in the long run, and lose those in a closing listener's backlog (see chapter 4).
final class Acceptor: @unchecked Sendable {
  // Unchecked: belongs to the loop's thread, from ``Shard/openDoor(_:)`` on.
  let listener: Listener
  let token: Token
  var accepted = 0

  init(_ listener: consuming Listener) {
    // Generation 0: no client has it.
    token = Token(index: UInt32(listener.descriptor.number), generation: 0)
    self.listener = listener
  }
}

/// Counts who keeps the server running: the acceptor, and every client. The last one out ends the process.
final class Census: Sendable {
  private let inside = Atomic(1)

  func enter() { inside.add(1, ordering: .relaxed) }

  func leave() {
    if inside.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { exit(0) }
  }
}

extension Shard {
  func openDoor(_ acceptor: Acceptor) throws(SystemError) {
    self.acceptor = acceptor
    try loop.poller.register(
      acceptor.listener.descriptor.number, token: acceptor.token, interest: .readable,
      trigger: .level)
  }

  func closeDoor(_ acceptor: Acceptor) {
    try? loop.poller.deregister(acceptor.listener.descriptor.number)
    self.acceptor = nil
    census.leave()
  }

  func acceptClients() {
    guard let acceptor else { return }
    do throws(SystemError) {
      for _ in 0..<64 {
        guard let socket = try acceptor.listener.accept(nonBlocking: true) else { return }
        census.enter()
        let client = Client(socket, Session(service), at: loop.now.instant)
        let shard = peers[acceptor.accepted % peers.count]
        acceptor.accepted += 1
        shard.tell { $0.adopt(client) }
      }
    } catch {
      // Out of descriptors, most likely. The client stays in the backlog, and the listener stays readable: not to hear
      // of it all the time, we look away for a moment.
      try? watch(acceptor, [])
      loop.timers.insert(loop.now.instant + .milliseconds(50), acceptor.token)
    }
  }

  func openDoor() {
    if let acceptor { try? watch(acceptor, .readable) }
  }

  private func watch(_ acceptor: Acceptor, _ interest: Interest) throws(SystemError) {
    try loop.poller.reregister(
      acceptor.listener.descriptor.number, token: acceptor.token, interest: interest,
      trigger: .level)
  }
}
