// expect: two workers took the same job
import Kit

final class Pool: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let mutex = PosixMutex()
  private let notEmpty = PosixCondition("notEmpty")
  @Shared private var isClosed = false
  @Shared private var jobs: [Job] = []
  @Shared private(set) var finished = 0

  func submit(_ job: @escaping Job) {
    mutex.withLock {
      jobs.append(job)
      notEmpty.signal()
    }
  }

  func work() {
    while let job = take() {
      job()  // Outside the lock: the job may take as long as its client likes.
      mutex.withLock { finished += 1 }
    }
  }

  private func take() -> Job? {
    let isEmpty = mutex.withLock {
      while jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      return jobs.isEmpty
    }
    if isEmpty { return nil }
    return mutex.withLock { jobs.removeFirst() }
  }

  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
