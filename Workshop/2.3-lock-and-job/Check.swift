import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("one worker runs every job") { one() },
    Part("while a job runs, another one can be handed over") { handOver() },
    Part("in whatever order: each job runs once, and is counted") { once() },
    Part("a job that still runs has not ended") { counted() },
    Part("while a job runs, the other worker runs the next one") { together() },
    Part("two jobs that were queued before are shared out") { shared() },
  ]

  static func one() {
    explore(stuck: "The pool was closed: a worker that finds no job must return.") { stage in
      let (pool, ran) = (Pool(), Counter())
      for _ in 1...3 { pool.submit { ran.add() } }
      pool.close()
      stage.thread("worker") { pool.work() }
      stage.join()
      expect(ran.value, equals: 3, "three jobs were handed over, and not all have run")
      expect(pool.finished, equals: 3, "three jobs have ended, and were not all counted")
    }
  }

  static func handOver() {
    explore(
      stuck:
        "A worker sleeps, and nobody wakes it any more. Who looks for a job first, and takes the mutex only to sleep, "
        + "misses what happens in between: look and fall asleep under the mutex, in one go."
    ) { stage in
      let (pool, backend, submitted) = (Pool(), Door("the backend"), Counter())
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
        "The worker runs its job while it holds the mutex. Whoever needs the mutex waits for the job's backend: the "
          + "other workers, and the main thread, which accepts nobody in the meantime.")
      end(pool, backend)
    }
  }

  static func once() {
    explore(
      stuck: "The pool was closed: a worker that finds no job must return.", crash: sameJob
    ) { stage in
      let pool = Pool()
      let runs = [Counter(), Counter()]
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
        pool.finished, equals: 2, "both jobs have run, and were not both counted",
        "+= reads, adds and writes. Another worker came between the reading and the writing, and one of the two "
          + "was lost: whatever threads share needs the mutex, a number as well.")
    }
  }

  static let sameJob =
    "Between the look into the queue and the taking out, another worker came: two workers have taken the same job. "
    + "Look and take under the mutex, in one go."

  static func counted() {
    explore(stuck: "One job, one worker: nobody has a reason to wait.") { stage in
      let (pool, backend) = (Pool(), Door("the backend"))
      stage.thread("worker") { pool.work() }
      pool.submit { backend.pass() }
      stage.settle()
      expect(
        pool.finished, equals: 0, "a job waits for its backend, and is counted as ended",
        "A server that stops when all jobs have ended would stop in the middle of this one. Count it when it has returned."
      )
      end(pool, backend)
    }
  }

  static func together() {
    explore(stuck: "Two jobs, two workers: nobody has a reason to wait.") { stage in
      let (pool, backend, started) = (Pool(), Door("the backend"), Counter())
      for number in 1...2 { stage.thread("worker \(number)") { pool.work() } }
      for number in 1...2 {
        pool.submit {
          stage.note("runs job \(number)")
          started.add()
          backend.pass()
        }
        stage.settle()
      }
      expect(
        started.value, equals: 2, "the second worker has its job, and does not run it",
        "Whatever a worker holds while its job runs makes the others wait, another mutex like this one."
      )
      end(pool, backend)
    }
  }

  static func shared() {
    explore(stuck: "Two jobs, two workers: nobody has a reason to wait.") { stage in
      let (pool, backend, started) = (Pool(), Door("the backend"), Counter())
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
        started.value, equals: 2, "one worker has taken both jobs, and the other has none",
        "What a worker has taken out of the queue, nobody else can serve. Take one at a time.")
      end(pool, backend)
    }
  }

  static func end(_ pool: Pool, _ backend: Door) {
    backend.open()
    pool.close()
  }
}
