import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one worker runs every job") { one() },
    Part("while one job runs, another can be submitted") { handOver() },
    Part("in any thread order, each job runs once and is counted") { once() },
    Part("a job that is still running is not counted as finished") { counted() },
    Part("while a job runs, the other worker runs the next one") { together() },
    Part("the workers share the jobs that were queued earlier") { shared() },
    Part("a worker takes one job at a time") { oneAtATime() },
  ]

  static func one() {
    explore(stuck: "The pool was closed, so a worker that finds no job must return.") { stage in
      let (pool, ran) = (Pool(), Counter())
      for _ in 1...3 { pool.submit { ran.add() } }
      pool.close()
      stage.thread("worker") { pool.work() }
      stage.join()
      expect(
        ran.value, equals: 3, "three jobs were submitted, but not all of them ran",
        "A worker must run jobs until the pool is closed and no jobs are left.")
      expect(
        pool.finished, equals: 3, "three jobs finished, but not all of them were counted",
        "Count each job once, after it returns.")
    }
  }

  static func handOver() {
    explore(
      stuck:
        "A worker is asleep, and no thread will wake it. If it looks for a job first and takes the "
        + "mutex only to sleep, it misses a job that arrives in between. Check and sleep in one "
        + "withLock."
    ) { stage in
      let (pool, backend, submitted) = (pool(stage), Door("the backend"), Counter())
      stage.thread("worker 1") { pool.work() }
      pool.submit { backend.pass() }
      stage.settle()
      stage.thread("submitter") {
        pool.submit {}
        submitted.add()
      }
      stage.settle()
      expect(
        submitted.value, equals: 1, "submit waits until a job finishes",
        "The worker holds the mutex while it runs its job, so every thread that needs the mutex "
          + "waits for the job's backend: the other workers, and the main thread, which can't "
          + "accept clients in the meantime.")
      end(pool, backend)
    }
  }

  static func once() {
    explore(
      stuck: "The pool was closed, so a worker that finds no job must return.", crash: sameJob
    ) { stage in
      let pool = Pool()
      let runs = [Counter(), Counter()]
      stage.watch(pool)
      for number in 1...2 {
        pool.submit {
          stage.note("runs job \(number)")
          runs[number - 1].add()
        }
      }
      pool.close()
      for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
      stage.join()
      expect(runs.map(\.value), equals: [1, 1], "a job did not run exactly once", sameJob)
      expect(
        pool.finished, equals: 2, "both jobs ran, but finished is not 2",
        "Count each job once, after it returns, while holding the mutex.")
    }
  }

  static let sameJob =
    "Another worker got in after this one looked at the queue and before it removed the job, so "
    + "two workers took the same job. Look and remove in one withLock."

  static func counted() {
    explore(stuck: "There is one job and one worker, so no thread has a reason to wait.") { stage in
      let (pool, backend) = (pool(stage), Door("the backend"))
      stage.thread("worker") { pool.work() }
      pool.submit { backend.pass() }
      stage.settle()
      expect(
        stage.peek { pool.finished }, equals: 0,
        "a job is waiting for its backend, but it was already counted as finished",
        "A server that stops when all jobs are finished would stop in the middle of this one. "
          + "Count a job after it returns."
      )
      end(pool, backend)
    }
  }

  static func together() {
    explore(stuck: stuck) { stage in
      let (pool, backend, started) = (pool(stage), Door("the backend"), Counter())
      let returned = Counter()
      for number in 1...2 {
        stage.thread("worker \(number)") {
          pool.work()
          returned.add()
        }
      }
      for number in 1...2 {
        pool.submit {
          stage.note("runs job \(number)")
          started.add()
          backend.pass()
        }
        stage.settle()
      }
      expect(
        returned.value, equals: 0, "a worker woke up, found no job, and returned for good",
        "The other worker was faster, or the wake-up came without a signal. An empty queue is no "
          + "reason to return while the pool is open. Use while: it checks again, and the worker "
          + "goes back to sleep.")
      expectBoth(started, stage)
      end(pool, backend)
    }
  }

  static let stuck = "There are as many workers as jobs, so no thread has a reason to wait."

  /// Two jobs, two workers. The second job may be held up by a mutex, or no worker may have taken
  /// it.
  static func expectBoth(_ started: Counter, _ stage: Stage) {
    if started.value == 2 { return }
    if let (worker, mutex) = stage.holders.first {
      fail(
        "\(worker) runs its job while it holds \(mutex)",
        "The other worker needs this mutex as well, so it waits until the job's backend answers. "
          + "A worker must not hold a mutex while it runs a job.", happened: stage.states)
    }
    fail(
      "a worker is free, but the second job does not run",
      "The job was submitted and nothing blocks it. The free worker was not woken, or it did not "
        + "look for a job.",
      happened: stage.states)
  }

  static func shared() {
    explore(stuck: stuck) { stage in
      let (pool, backend, started) = (pool(stage), Door("the backend"), Counter())
      for number in 1...2 {
        pool.submit {
          stage.note("runs job \(number)")
          started.add()
          backend.pass()
        }
      }
      for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
      stage.settle()
      expect(
        started.value != 1 || !stage.holders.isEmpty,
        "one worker took all the jobs, and the other one has none",
        "The other worker can't run jobs that this worker has removed from the queue. Take one "
          + "job at a time."
      )
      expectBoth(started, stage)
      end(pool, backend)
    }
  }

  /// One job waits for its backend. All the others must run on the other worker, whichever worker
  /// took which job.
  static func oneAtATime() {
    for count in [3, 4, 9] {
      explore(limit: 20, stuck: "One worker waits for the backend, and the other one is free.") {
        stage in
        let (pool, backend, done) = (pool(stage), Door("the backend"), Counter())
        pool.submit(backend.pass)
        for _ in 2...count { pool.submit { done.add() } }
        for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
        stage.settle()
        expect(
          done.value, equals: count - 1,
          "a worker took more than one job, and the first of them waits for its backend",
          "The other jobs it took have to wait as well, although a worker is free. Take a single "
            + "job, just before you run it.")
        end(pool, backend)
      }
    }
  }

  static func pool(_ stage: Stage) -> Pool {
    let pool = Pool()
    stage.watch(pool)
    return pool
  }

  static func end(_ pool: Pool, _ backend: Door) {
    backend.open()
    pool.close()
  }
}
