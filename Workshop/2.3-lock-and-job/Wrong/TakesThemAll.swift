// expect: has taken all the jobs
import Kit

/// Jobs, and the threads that run them.
final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  @Shared private var isClosed = false
  // `@Shared`: the check lets other threads come in the middle of a change, as they do on a
  // processor.
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
  func work() {
    while true {
      let taken = mutex.withLock {
        while jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
        defer { jobs = [] }
        return jobs
      }
      if taken.isEmpty { return }
      for job in taken {
        job()
        mutex.withLock { finished += 1 }
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
