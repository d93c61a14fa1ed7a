/// Whether the threads that touch a variable always hold the same mutex: the lockset algorithm of
/// the race detector Eraser. It needs no unlucky order: the access itself shows that the mutex is
/// missing.
///
/// A variable that one thread touches alone needs no mutex, nor does one that nothing changes while
/// there are several threads. What happens before the other threads start, or after they end, is
/// not looked at.
final class Guard {
  enum Access { case read, change }

  /// As the learner has written it; the ``Stage`` finds it out (``Stage/watch(_:)``).
  var name = "a variable marked @Shared"
  private var players: [Player] = []
  private var isChanged = false
  /// The mutexes that were held at every access.
  private var mutexes: [PosixMutex]?
  /// The first access without any mutex.
  private var unguarded: (player: String, access: Access)?
  private var lastUnguarded = 0
  /// Reads with no call of the kit in between: a loop that spins.
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

  /// Of `count += 1` the read comes first, and it is the change that should be reported.
  private func noteUnguarded(_ player: String, _ access: Access, _ stage: Stage) {
    let isSameStep = lastUnguarded == stage.moves && access == .change
    if unguarded == nil || isSameStep { unguarded = (player, access) }
    lastUnguarded = stage.moves
  }

  /// Called when the thread comes to the next place where threads change.
  func failUnguarded() -> Never {
    switch unguarded {
    case (let player, .read)?:
      fail(
        "\(player) reads '\(name)' without holding the mutex",
        "Other threads change '\(name)'. What this thread reads may be half of a change, and it "
          + "may be out of date "
          + "before the thread acts on it. Hold the mutex from the look to what you do about it. "
          + "(The check sees "
          + "PosixMutex only.)")
    case (let player, .change)?:
      fail(
        "\(player) changes '\(name)' without holding the mutex",
        "A change reads, computes and writes. If another thread comes between the reading and the "
          + "writing of "
          + "'\(name)', one of the two changes is lost. Make every change under the mutex. (The "
          + "check sees "
          + "PosixMutex only.)")
    case nil:
      fail(
        "two threads touch '\(name)' under two different mutexes",
        "A mutex keeps out only threads that lock the same one. All accesses to '\(name)' have to "
          + "lock the same mutex."
      )
    }
  }

  private func countReads(_ stage: Stage) {
    reads = moves == stage.moves ? reads + 1 : 1
    moves = stage.moves
    if reads > 10_000 { stage.failSpinning("reads '\(name)' again and again") }
  }
}
