import Synchronization

/// Runs tasks on the thread of the event loop.
///
/// Swift asks one thing of an executor: "run this job, soon". A job is a task's code up to the next
/// `await` that suspends it.
final class EventLoopExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Runs jobs until none are left, including the jobs that they enqueue.
  func runJobs() {
    while true {
      let batch = jobs.withLock { jobs in
        defer { jobs = [] }
        return jobs
      }
      if batch.isEmpty { return }
      for job in batch { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }
}
