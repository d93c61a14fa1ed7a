/// Checks that all threads hold the same mutex whenever they access a variable. This is the lockset
/// algorithm of the race detector Eraser. It does not depend on an unlucky order: a single access
/// without the mutex reveals the mistake.
///
/// A variable that only one thread accesses needs no mutex, and neither does one that does not
/// change while there are several threads. Accesses before the other threads start and after they
/// end do not count.
final class Guard {
  enum Access { case read, change }

  /// The variable's name in the learner's code; ``Stage/watch(_:)`` sets it.
  var name = "a variable marked @Shared"
  private var players: [Player] = []
  private var isChanged = false
  /// The mutexes that were held during every access so far.
  private var mutexes: [PosixMutex]?
  /// The first access without any mutex.
  private var unguarded: (player: String, access: Access)?
  private var lastUnguarded = 0
  /// Reads with no call to the kit in between. Many of them mean that a loop spins.
  private var reads = 0
  private var moves = 0

  func note(_ access: Access) {
    guard let stage = Stage.current, !stage.isPeeking else { return }
    if access == .read { countReads(stage) }
    if !stage.hasOthers { return }
    let player = stage.player
    if !players.contains(where: { $0 === player }) { players.append(player) }
    if access == .change { isChanged = true }
    if player.held.isEmpty { noteUnguarded(player.name, access, stage) }
    mutexes = (mutexes ?? player.held).filter { mutex in player.held.contains { $0 === mutex } }
    if players.count > 1 && isChanged && mutexes?.isEmpty == true && stage.unguarded == nil {
      stage.unguarded = self
    }
  }

  /// `count += 1` reads first and then changes, and the change is what should be reported.
  private func noteUnguarded(_ player: String, _ access: Access, _ stage: Stage) {
    let isSameStep = lastUnguarded == stage.moves && access == .change
    if unguarded == nil || isSameStep { unguarded = (player, access) }
    lastUnguarded = stage.moves
  }

  /// Called when the thread reaches the next point at which another thread may run.
  func failUnguarded() -> Never {
    switch unguarded {
    case (let player, .read)?:
      fail(
        "\(player) reads '\(name)' without holding the mutex",
        "Other threads change '\(name)', so this thread may read a value that is only half "
          + "changed, or that is out of date by the time the thread acts on it. Hold the mutex "
          + "from the moment you look until you have acted on what you saw. (The check only knows "
          + "PosixMutex.)")
    case (let player, .change)?:
      fail(
        "\(player) changes '\(name)' without holding the mutex",
        "A change reads, computes, and writes. If another thread changes '\(name)' between the "
          + "read and the write, one of the two changes is lost. Make every change while holding "
          + "the mutex. (The check only knows PosixMutex.)")
    case nil:
      fail(
        "two threads access '\(name)' while holding two different mutexes",
        "A mutex keeps out only those threads that lock the same mutex. Lock the same mutex for "
          + "every access to '\(name)'."
      )
    }
  }

  private func countReads(_ stage: Stage) {
    reads = moves == stage.moves ? reads + 1 : 1
    moves = stage.moves
    if reads > 10_000 { stage.failSpinning("reads '\(name)' again and again") }
  }
}
