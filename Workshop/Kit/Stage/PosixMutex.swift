/// The mutex of chapter 2, on the ``Stage``: one thread at a time, and another one may come first.
public final class PosixMutex: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  let name: String
  private(set) var owner: Player?

  /// - Parameter name: for the order of events.
  public init(_ name: String = "the mutex") { self.name = name }

  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let stage = Stage.here
    stage.pass()
    lock(stage)
    defer {
      giveBack(stage)
      stage.pass()
    }
    return try body()
  }

  private func lock(_ stage: Stage) {
    if owner === stage.player {
      fail(
        "\(stage.player.name) locks \(name), and holds it already",
        "A mutex lets one thread in at a time and does not ask which one: this thread waits for "
          + "itself."
      )
    }
    stage.countLock(name)
    take(stage, "waits for \(name)") { true }
    stage.note("has \(name)")
  }

  /// Gives it back and sleeps until `isOver`, then takes it again.
  func release(_ stage: Stage, _ text: String, until isOver: @escaping () -> Bool) {
    if owner !== stage.player {
      fail(
        "\(stage.player.name) waits without holding \(name)",
        "Another thread may change what this one waits for between the look and the sleep, and "
          + "then the signal comes "
          + "too early. Look and wait in one withLock: wait releases the mutex in the same step "
          + "in which it falls asleep."
      )
    }
    giveBack(stage)
    take(stage, text, if: isOver)
  }

  private func take(_ stage: Stage, _ text: String, if isOver: @escaping () -> Bool) {
    if owner != nil || !isOver() { stage.wait(.until(text) { self.owner == nil && isOver() }) }
    owner = stage.player
    stage.player.held.append(self)
  }

  private func giveBack(_ stage: Stage) {
    owner = nil
    stage.player.held.removeAll { $0 === self }
  }
}

extension Stage {
  /// The stage that the code runs on.
  static var here: Stage {
    guard let current else { fail("the check uses a mutex or a gate outside of explore") }
    return current
  }
}
