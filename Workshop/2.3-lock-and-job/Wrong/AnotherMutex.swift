// expect: The other worker needs this mutex as well
import Kit

/// A queue of jobs, and the work of the threads that run them.
final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  private let running = PosixMutex("running")
  @Shared private var isClosed = false
  // `@Shared`: the check lets other threads run in the middle of a change, as a processor does.
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
  func work() {
    while let job = take() {
      running.withLock { job() }
      mutex.withLock { finished += 1 }
    }
  }

  private func take() -> Job? {
    mutex.withLock {
      while jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      return jobs.isEmpty ? nil : jobs.removeFirst()
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
