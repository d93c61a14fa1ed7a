/// Plays a scene in many of the orders that its threads can take: those that interrupt no thread
/// first, then those with one interruption, then some that dice decide, then those in which one
/// sleep ends without a signal; at most `limit` of each kind. So the order that is shown is a
/// simple one, and it is the same each time.
/// - Parameters:
///   - stuck: what explains a deadlock in this scene.
///   - crash: what explains a crash in it.
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

/// The same for code with `async`: all tasks run on a ``Pool`` of so many threads.
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
