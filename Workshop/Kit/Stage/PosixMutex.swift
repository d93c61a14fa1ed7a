/// Chapter 2's mutex, run on the ``Stage``. Only one thread holds it at a time, and the stage
/// decides which thread gets it next.
public final class PosixMutex: @unchecked Sendable {
  // Unchecked: a thread accesses it only during its turn.
  let name: String
  private(set) var owner: Player?

  /// - Parameter name: appears in the order of events.
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
        "\(stage.player.name) locks \(name), which it already holds",
        "A mutex lets in one thread at a time, and the thread that holds it is no exception. So "
          + "this thread now waits for itself and never continues. Don't call withLock inside "
          + "withLock."
      )
    }
    stage.countLock(name)
    take(stage, "waits for \(name)") { true }
    stage.note("has \(name)")
  }

  /// Releases the mutex and sleeps until `isOver`, then locks the mutex again.
  func release(_ stage: Stage, _ text: String, until isOver: @escaping () -> Bool) {
    if owner !== stage.player {
      fail(
        "\(stage.player.name) waits without holding \(name)",
        "Another thread may make the change and signal after this thread has checked and before it "
          + "is asleep, so the signal comes too early and is lost. Check and wait in one withLock: "
          + "wait releases the mutex and puts the thread to sleep in a single step."
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
  /// The stage that this code runs on.
  static var here: Stage {
    guard let current else { fail("the check uses a mutex or a gate outside of explore") }
    return current
  }
}
