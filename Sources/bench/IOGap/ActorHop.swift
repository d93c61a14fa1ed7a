import BenchSupport
import Common

/// `bench hop`: what it costs to call an actor, in nanoseconds per call and return.
struct ActorHop {
  /// For comparison: an uncontended mutex, locked and unlocked.
  let mutex: Double
  /// An actor on the caller's own event loop, which needs no change of thread or executor.
  let sameLoop: Double
  /// An actor on the default executor, like chapter 4's `ConnectionManager`, called from a task on
  /// a loop.
  let ownQueue: Double
  /// An actor on another loop, which has to be woken up, and wakes the caller in turn.
  let otherLoop: Double

  init(count: Int = 200_000) async throws {
    mutex = Self.timeMutex(count)
    let stop = try StopSignal()
    let loops = [try EventLoopExecutor(stop), try EventLoopExecutor(stop)]
    for loop in loops { try spawnThread(named: "loop") { loop.run(Deaf(loop)) } }
    let asker = Resident(loops[0])
    sameLoop = await asker.time(count) { await asker.answer() }
    let manager = Manager()
    ownQueue = await asker.time(count) { await manager.answer() }
    let neighbour = Resident(loops[1])
    otherLoop = await asker.time(count / 10) { await neighbour.answer() }
  }

  private static func timeMutex(_ count: Int) -> Double {
    let mutex = PosixMutex()
    var asked = 0
    let begin = Instant.now
    for _ in 0..<count { mutex.withLock { asked += 1 } }
    return Double((Instant.now - begin).nanoseconds) / Double(count)
  }

  var report: String {
    """
    An uncontended mutex:              \(fixed(mutex, 0)) ns
    An actor on the same event loop:   \(fixed(sameLoop, 0)) ns
    An actor on the default executor:  \(fixed(ownQueue, 0)) ns
    An actor on another event loop:    \(fixed(otherLoop, 0)) ns
    """
  }
}

/// An actor that lives on an event loop.
private actor Resident {
  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private var asked = 0

  init(_ loop: EventLoopExecutor) { self.loop = loop }

  func answer() { asked += 1 }

  /// Calls `count` times, one after the other, in a task that prefers this loop; returns
  /// nanoseconds per call.
  nonisolated func time(_ count: Int, _ ask: @escaping @Sendable () async -> Void) async -> Double {
    await Task(executorPreference: loop) { await self.ask(count, ask) }.value
  }

  private func ask(_ count: Int, _ ask: @Sendable () async -> Void) async -> Double {
    let begin = Instant.now
    for _ in 0..<count { await ask() }
    return Double((Instant.now - begin).nanoseconds) / Double(count)
  }
}

private actor Manager {
  private var asked = 0
  func answer() { asked += 1 }
}

/// A loop with tasks only, and nothing to watch.
private actor Deaf: EventHandler {
  let loop: EventLoopExecutor
  init(_ loop: EventLoopExecutor) { self.loop = loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  func handle(_ event: Event) {}
  func handleTimer(_ token: Token, deadline: Instant) {}
  func handleStop() {}
}
