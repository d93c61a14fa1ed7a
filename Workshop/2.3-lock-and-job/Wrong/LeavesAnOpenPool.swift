// expect: woke up, found no job, and returned for good
import Kit

/// A queue of jobs, and the work of the threads that run them.
final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  // `@Shared`: the check lets other threads run in the middle of a change, as a processor does.
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

  func work() {
    while true {
      let job: Job? = mutex.withLock {
        if jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
        return jobs.isEmpty ? nil : jobs.removeFirst()
      }
      guard let job else { return }
      job()
      mutex.withLock { finished += 1 }
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
