import Glibc

/// Swift's pool of threads, run on the ``Stage``: a task runs when its turn comes, and each run can
/// be repeated.
///
/// **Theory of operation.** Everything that wants to run (a task, a child task, an actor with
/// messages) is passed to the runtime's function `swift_task_enqueueGlobal`. The runtime has a hook
/// there, and through that hook all jobs end up in our queue. The threads that take jobs from the
/// queue are threads of the stage: only one of them runs at a time, and a thread that blocks is
/// lost to the pool, as in the real one. `Task.sleep` and `Task.yield` bypass the hook, so
/// exercises forbid them.
public final class Pool: @unchecked Sendable {
  // Unchecked: a thread accesses these only during its turn.
  @TaskLocal static var taskName: String?
  nonisolated(unsafe) private static var current: Pool?

  private let stage: Stage
  private let executor = PoolExecutor()
  private var jobs: [UnownedJob] = []
  private var isClosed = false
  private var live: [String] = []

  init(_ stage: Stage, threads: Int) {
    self.stage = stage
    Self.current = self
    Self.takeEverything()
    for number in 1...threads {
      stage.thread("pool thread \(number)", isOfPool: true) { self.run() }
    }
  }

  /// Starts a task. It runs when the check waits, for example in ``Stage/settle()``.
  public func task(_ name: String, _ body: @escaping @Sendable () async -> Void) {
    live.append(name)
    Task(executorPreference: executor) { [self] in
      await Self.$taskName.withValue(name) { await body() }
      live.removeAll { $0 == name }
    }
  }

  /// Lets the tasks run until none of them can continue. Fails unless all of them have finished.
  public func join() {
    stage.settle()
    if live.isEmpty { return }
    let names = live.joined(separator: ", ")
    fail(
      "these tasks have not finished, and nothing more will happen: \(names)", stage.stuck,
      happened: stage.states)
  }

  private func run() {
    while true {
      if jobs.isEmpty && !isClosed {
        stage.wait(.until("has no task to run") { !self.jobs.isEmpty || self.isClosed })
      }
      if isClosed { return }
      jobs.remove(at: stage.choose(among: jobs.count)).runSynchronously(
        on: executor.asUnownedTaskExecutor())
      stage.pass()
    }
  }

  func close() { isClosed = true }

  // Declared as in the runtime, in Swift's own calling convention.
  private typealias Original = @convention(thin) (UnownedJob) -> Void
  private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

  private static func takeEverything() {
    guard let hook = dlsym(nil, "swift_task_enqueueGlobal_hook") else {
      fail(
        "the kit does not know this version of Swift's runtime; please report it, along with the "
          + "output of swift --version")
    }
    hook.assumingMemoryBound(to: Hook?.self).pointee = { job, _ in Pool.enqueue(job) }
  }

  fileprivate static func enqueue(_ job: UnownedJob) { current?.jobs.append(job) }
}

/// The executor that all tasks prefer. With a preference, the runtime takes no shortcuts: each
/// switch to an actor and back goes through the queue, so other tasks can run in between.
private final class PoolExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) { Pool.enqueue(UnownedJob(job)) }
}
