/// The condition variable of chapter 2, on the ``Stage``.
public final class PosixCondition: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private final class Sleeper { var isAwake = false }

  private let name: String
  private var sleepers: [Sleeper] = []

  /// - Parameter name: for the order of events.
  public init(_ name: String = "the condition") { self.name = name }

  /// Releases the mutex, sleeps, and takes the mutex again. In some of the explored orders the
  /// thread wakes up without a signal, as pthread_cond_wait(3) allows.
  public func wait(holding mutex: PosixMutex) {
    let stage = Stage.here
    stage.pass()  // A thread that ignores the mutex comes between here.
    let sleeper = Sleeper()
    stage.note("sleeps at \(name)")
    if stage.wakesForNothing() {
      sleeper.isAwake = true
    } else {
      sleepers.append(sleeper)
    }
    mutex.release(stage, "sleeps at \(name)") { sleeper.isAwake }
    stage.note("is awake, and has the mutex")
  }

  /// Wakes one thread that waits.
  public func signal() {
    Stage.here.note("signals \(name)" + (sleepers.isEmpty ? ", where no thread sleeps" : ""))
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
