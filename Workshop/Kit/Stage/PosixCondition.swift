/// Chapter 2's condition variable, run on the ``Stage``.
public final class PosixCondition: @unchecked Sendable {
  // Unchecked: a thread accesses it only during its turn.
  private final class Sleeper { var isAwake = false }

  private let name: String
  private var sleepers: [Sleeper] = []

  /// - Parameter name: appears in the order of events.
  public init(_ name: String = "the condition") { self.name = name }

  /// Releases the mutex, sleeps, and locks the mutex again. In some of the explored orders the
  /// thread wakes up without a signal, as pthread_cond_wait(3) allows.
  public func wait(holding mutex: PosixMutex) {
    let stage = Stage.here
    stage.pass()  // A thread that ignores the mutex may run here.
    let sleeper = Sleeper()
    stage.note("sleeps on \(name)")
    if stage.wakesForNothing() {
      sleeper.isAwake = true
    } else {
      sleepers.append(sleeper)
    }
    mutex.release(stage, "sleeps on \(name)") { sleeper.isAwake }
    stage.note("woke up and has the mutex")
  }

  /// Wakes one of the waiting threads.
  public func signal() {
    Stage.here.note("signals \(name)" + (sleepers.isEmpty ? ", but no thread sleeps on it" : ""))
    if !sleepers.isEmpty { sleepers.removeFirst().isAwake = true }
    Stage.here.pass()
  }

  /// Wakes all waiting threads.
  public func broadcast() {
    Stage.here.note("wakes all threads on \(name)")
    for sleeper in sleepers { sleeper.isAwake = true }
    sleepers = []
    Stage.here.pass()
  }
}
