// expect: a worker took more than one job
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
    while true {
      let mine: [Job] = take()
      if mine.isEmpty { return }
      for job in mine {
        job()
        mutex.withLock { finished += 1 }
      }
    }
  }

  private func take() -> [Job] {
    mutex.withLock {
      while jobs.isEmpty && !isClosed { notEmpty.wait(holding: mutex) }
      let mine = Array(jobs.prefix((jobs.count + 1) / 2))
      jobs.removeFirst(mine.count)
      return mine
    }
  }

  func close() {
    mutex.withLock {
      isClosed = true
      notEmpty.broadcast()
    }
  }
}
