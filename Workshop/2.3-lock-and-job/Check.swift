import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one worker runs every job") { one() },
    Part("while a job runs, another one can be handed over") { handOver() },
    Part("in whatever order: each job runs once, and is counted") { once() },
    Part("a job that still runs has not ended") { counted() },
    Part("while a job runs, the other worker runs the next one") { together() },
    Part("jobs that were queued before are shared out") { shared() },
    Part("a worker takes one job at a time") { oneAtATime() },
  ]

  static func one() {
    explore(stuck: "The pool was closed: a worker that finds no job must return.") { stage in
      let (pool, ran) = (Pool(), Counter())
      for _ in 1...3 { pool.submit { ran.add() } }
      pool.close()
      stage.thread("worker") { pool.work() }
      stage.join()
      expect(
        ran.value, equals: 3, "three jobs were handed over, and not all have run",
        "A worker runs jobs until the pool is closed and none is left.")
      expect(
        pool.finished, equals: 3, "three jobs have ended, and were not all counted",
        "Each job is counted once, when it has returned.")
    }
  }

  static func handOver() {
    explore(
      stuck:
        "A worker sleeps, and no thread will wake it. If it looks for a job first and takes the "
        + "mutex only to sleep, it "
        + "misses what happens in between: look and fall asleep in one withLock."
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
        submitted.value, equals: 1, "submit waits for a job to end",
        "The worker runs its job while it holds the mutex. Every thread that needs the mutex "
          + "waits for the job's backend: "
          + "the other workers, and the main thread, which accepts no client in the meantime.")
      end(pool, backend)
    }
  }

  static func once() {
    explore(
      stuck: "The pool was closed: a worker that finds no job must return.", crash: sameJob
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
      expect(runs.map(\.value), equals: [1, 1], "a job has not run once", sameJob)
      expect(
        pool.finished, equals: 2, "both jobs have run, and finished says something else",
        "Count each job once, after it has returned, under the mutex.")
    }
  }

  static let sameJob =
    "Between the look into the queue and the taking out, another worker came: two workers have "
    + "taken the same job. "
    + "Look and take in one withLock."

  static func counted() {
    explore(stuck: "One job, one worker: no thread has a reason to wait.") { stage in
      let (pool, backend) = (pool(stage), Door("the backend"))
      stage.thread("worker") { pool.work() }
      pool.submit { backend.pass() }
      stage.settle()
      expect(
        stage.peek { pool.finished }, equals: 0,
        "a job waits for its backend, and is counted as ended",
        "A server that stops when all jobs have ended would stop in the middle of this one. Count "
          + "it when it has returned."
      )
      end(pool, backend)
    }
  }

  static func together() {
    explore(stuck: stuck) { stage in
      let (pool, backend, started) = (pool(stage), Door("the backend"), Counter())
      for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
      for number in 1...2 {
        pool.submit {
          stage.note("runs job \(number)")
          started.add()
          backend.pass()
        }
        stage.settle()
      }
      expectBoth(started, stage)
      end(pool, backend)
    }
  }

  static let stuck = "There are as many workers as jobs: no thread has a reason to wait."

  /// Two jobs, two workers. What keeps the second job from running can be a mutex, or that no
  /// worker has it.
  static func expectBoth(_ started: Counter, _ stage: Stage) {
    if started.value == 2 { return }
    if let (worker, mutex) = stage.holders.first {
      fail(
        "\(worker) runs its job while it holds \(mutex)",
        "The other worker needs it, too, and waits until the job's backend answers. While a job "
          + "runs, its worker must hold "
          + "nothing.", happened: stage.states)
    }
    fail(
      "a worker is free, and the second job does not run",
      "The job was handed over, and nothing holds it up: the free worker was not woken, or it has "
        + "not looked.",
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
        "one worker has taken all the jobs, and the other has none",
        "The other worker cannot serve what this one has taken out of the queue. Take one at a "
          + "time."
      )
      expectBoth(started, stage)
      end(pool, backend)
    }
  }

  /// One job waits for its backend. Everything else must run on the other worker, no matter which
  /// has taken what.
  static func oneAtATime() {
    for count in [3, 4, 9] {
      explore(limit: 20, stuck: "One worker waits for the backend, the other one is free.") {
        stage in
        let (pool, backend, done) = (pool(stage), Door("the backend"), Counter())
        pool.submit(backend.pass)
        for _ in 2...count { pool.submit { done.add() } }
        for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
        stage.settle()
        expect(
          done.value, equals: count - 1,
          "a worker took more than one job, and the first one waits for its backend",
          "The other jobs that it took wait as well, although a worker is free. Take a job when "
            + "you are about to run it, and "
            + "no other.")
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
