import Kit

/// A queue of jobs, and the work of the threads that run them.
final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared` lets the check see which threads access the variable, and which mutexes they hold.
  // Mark the variables you add in the same way.
  @Shared private var isClosed = false
  @Shared private var jobs: [Job] = []
  /// The number of jobs that have finished.
  @Shared private(set) var finished = 0

  /// Adds a job to the queue. Never waits for a job to finish.
  func submit(_ job: @escaping Job) {
    mutex.withLock {
      jobs.append(job)
      notEmpty.signal()
    }
  }

  /// The main function of a worker: runs jobs until the pool is closed and none are left. Several
  /// threads run this at the same time.
  ///
  /// The bug is here. Requirements: each job runs once, two workers run two jobs at the same time,
  /// and `jobs` and `finished` are accessed only while holding the mutex.
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

  /// Closes the pool: no more jobs will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
