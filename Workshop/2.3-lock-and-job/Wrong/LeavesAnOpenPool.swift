// expect: woke up, found no job, and returned for good
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
  /// The number of finished jobs.
  @Shared private(set) var finished = 0

  /// Hands a job over. Never waits for one to end.
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

  /// No more jobs will come.
  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
