/// Plays a scene in many of the orders in which its threads can run. It starts with orders that
/// interrupt no thread and continues with orders that interrupt one. Next come random orders, and
/// last those in which a thread wakes up without a signal. There are at most `limit` of each kind.
/// That way, the order that a failure shows is simple, and it is the same every time.
/// - Parameters:
///   - stuck: explains a deadlock in this scene.
///   - crash: explains a crash in this scene.
public func explore(
  limit: Int = 100, stuck: String, crash: String = "",
  _ scene: @escaping @Sendable (Stage) -> Void
) {
  Crash.explanation = crash
  Processor.stay {
    for interruptions in 0...1 {
      var schedule: Schedule? = Schedule(interruptions: interruptions)
      for _ in 0..<limit {
        guard let order = schedule else { break }
        schedule = play(order, stuck, scene).next
      }
    }
    for number in 0..<limit { _ = play(Schedule(dice: number), stuck, scene) }
    for sleep in 0..<limit {
      if !play(Schedule(wakeUp: sleep), stuck, scene).hasWokenUp { break }
    }
  }
  Crash.explanation = ""
}

/// Does the same for `async` code: all tasks run on a ``Pool`` with this many threads.
public func explore(
  limit: Int = 100, poolThreads: Int, stuck: String, crash: String = "",
  _ scene: @escaping @Sendable (Stage, Pool) -> Void
) {
  explore(limit: limit, stuck: stuck, crash: crash) { stage in
    let pool = Pool(stage, threads: poolThreads)
    scene(stage, pool)
    pool.close()
  }
}

private func play(
  _ schedule: Schedule, _ stuck: String, _ scene: @escaping @Sendable (Stage) -> Void
) -> Schedule {
  Events.start("in this order:")
  return Stage.play(schedule, stuck: stuck, scene)
}
