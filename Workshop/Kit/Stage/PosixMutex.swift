/// The mutex of chapter 2, on the ``Stage``: one thread at a time, and another one may come first.
public final class PosixMutex: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private let name: String
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
      owner = nil
      stage.pass()
    }
    return try body()
  }

  private func lock(_ stage: Stage) {
    if owner === stage.player {
      fail(
        "\(stage.player.name) locks \(name), and holds it already",
        "A mutex lets one thread in at a time, and it does not look who asks: this thread waits for itself."
      )
    }
    take(stage, "waits for \(name)") { true }
    stage.note("has \(name)")
  }

  /// Gives it back and sleeps until `isOver`, then takes it again.
  func release(_ stage: Stage, _ text: String, until isOver: @escaping () -> Bool) {
    if owner !== stage.player {
      fail(
        "\(stage.player.name) waits without holding \(name)",
        "Between the look at the elements and the sleep somebody may change them. The mutex keeps them away, and "
          + "wait gives it back in the same moment in which it falls asleep.")
    }
    owner = nil
    take(stage, text, if: isOver)
  }

  private func take(_ stage: Stage, _ text: String, if isOver: @escaping () -> Bool) {
    if owner != nil || !isOver() { stage.wait(.until(text) { self.owner == nil && isOver() }) }
    owner = stage.player
  }
}

extension Stage {
  /// The stage that the code stands on.
  static var here: Stage {
    guard let current else { fail("the check uses a mutex or a gate outside of explore") }
    return current
  }
}
