/// The condition variable of chapter 2, on the ``Stage``.
public final class PosixCondition: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private final class Sleeper { var isAwake = false }

  private let name: String
  private var sleepers: [Sleeper] = []

  /// - Parameter name: for the order of events.
  public init(_ name: String = "the condition") { self.name = name }

  /// Gives the mutex back, sleeps, and takes it again.
  public func wait(holding mutex: PosixMutex) {
    let stage = Stage.here
    stage.pass()  // Whoever does not respect the mutex comes between here.
    let sleeper = Sleeper()
    sleepers.append(sleeper)
    stage.note("sleeps at \(name)")
    mutex.release(stage, "sleeps at \(name)") { sleeper.isAwake }
    stage.note("is awake, and has the mutex")
  }

  /// Wakes one thread that waits.
  public func signal() {
    Stage.here.note("signals \(name)" + (sleepers.isEmpty ? ", where nobody sleeps" : ""))
    if !sleepers.isEmpty { sleepers.removeFirst().isAwake = true }
    Stage.here.pass()
  }

  /// Wakes all threads that wait.
  public func broadcast() {
    Stage.here.note("wakes all at \(name)")
    for sleeper in sleepers { sleeper.isAwake = true }
    sleepers = []
    Stage.here.pass()
  }
}
