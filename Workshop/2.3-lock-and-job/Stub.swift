import Kit

/// Jobs, and the threads that run them.
final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared`: the check sees which thread touches it, and what that thread holds. Mark what you
  // add like this, too.
  @Shared private var isClosed = false
  @Shared private var jobs: [Job] = []
  /// How many jobs have ended.
  @Shared private(set) var finished = 0

  /// Hands a job over. Never waits for one to end.
  func submit(_ job: @escaping Job) {
    mutex.withLock {
      jobs.append(job)
      notEmpty.signal()
    }
  }

  /// A worker's life: runs jobs until the pool is closed and none is left. Several threads are in
  /// here at once.
  ///
  /// Here is the bug. What must hold: each job runs once; two workers run two jobs at the same
  /// time; `jobs` and `finished` are touched only while holding the mutex.
  func work() {
    var goesOn = true
    while goesOn {
      goesOn = mutex.withLock {
        while jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
        if jobs.isEmpty { return false }
        let job = jobs.removeFirst()
        job()
        finished += 1
        return true
      }
    }
  }

  /// No more jobs will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
