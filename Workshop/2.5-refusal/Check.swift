import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("as many clients are here as there are workers and places, and no more") {
      refuses([(2, 1), (1, 3)])
    },
    Part("three that come before a worker has woken up are all taken on") { burst() },
    Part("a pool without a queue takes on one client for each worker") { refuses([(3, 0)]) },
    Part("a client that leaves makes room") { makesRoom() },
    Part("in whatever order: a client is either served or refused, and no place is lost") {
      eitherOr()
    },
    Part("two threads accept, and of four clients one is refused") { twoAccept() },
    Part("a refusal takes no place, not even for a moment") { noneForAMoment() },
    Part("a client that is slow to read its refusal holds no one else up") { slowRefusal() },
  ]

  static let stuck =
    "submit must not wait for room: a thread that accepts calls it, and while that thread waits "
    + "no client is told anything."

  /// The clients come one by one, and each is held once it is served.
  static func refuses(_ sizes: [(workers: Int, queue: Int)]) {
    for (workers, queue) in sizes {
      explore(limit: 20, stuck: stuck) { stage in
        let scene = Scene(stage, workers: workers, queue: queue)
        let (backend, room) = (Door("the backend"), workers + queue)
        for number in 1...8 {
          scene.submit(number, serve: backend.pass)
          stage.settle()
        }
        let there = "\(workers) workers and \(queue) places in the queue"
        expect(
          !scene.refused.isEmpty, "\(there): of eight clients, none is refused",
          "A queue without a bound does not make the workers faster, it hides that they are too "
            + "slow."
        )
        expect(
          scene.refused.count != 7 - room,
          "\(there), and one client more than that is taken on",
          "Compare before you take the next one: when \(room) are here, there is no room.")
        expect(
          scene.refused.count >= 8 - room, "\(there), and more clients than that are here",
          "A client that is being served is still here, until the worker is done with it: the "
            + "place is given back too early."
        )
        expect(
          scene.refused, equals: Array(room + 1...8),
          "\(there), and a client was refused although there was room",
          "There is room as long as fewer than \(room) clients are here, waiting or served.")
        backend.open()
        scene.pool.close()
      }
    }
  }

  static func burst() {
    explore(stuck: stuck) { stage in
      let (scene, backend) = (Scene(stage), Door("the backend"))
      for number in 1...5 { scene.submit(number, serve: backend.pass) }
      expect(
        scene.refused, equals: [4, 5],
        "whether a client is refused depends on how fast the workers are",
        "Whether the first clients are still in the queue or with a worker already is a matter of "
          + "luck. There are two "
          + "workers, and they will take two of them: count the clients that are here, not those "
          + "that wait."
      )
      backend.open()
      scene.pool.close()
    }
  }

  static func makesRoom() {
    explore(stuck: stuck) { stage in
      let scene = Scene(stage)
      for number in 1...6 {
        scene.submit(number)
        stage.settle()
        expect(
          scene.refused, equals: [], "all clients have left, and the next client is refused",
          "One client after the other came, was served and left. Each of them took a place, and "
            + "the worker has to give it back, "
            + "or the pool is full for good.")
      }
      scene.pool.close()
    }
  }

  static func eitherOr() {
    explore(stuck: stuck) { stage in
      let (scene, backend) = (Scene(stage), Door("the backend"))
      for number in 1...5 { scene.submit(number) }
      stage.settle()
      let before = scene.refused
      expect(
        (scene.served + before).sorted(), equals: [1, 2, 3, 4, 5],
        "not every client was either served or refused, once",
        "A client who gets neither an answer nor a 503 waits for its own timeout.")
      for number in 6...8 { scene.submit(number, serve: backend.pass) }
      expect(
        scene.refused, equals: before, "all clients had left, and a place was lost",
        "Each client that was taken on gives its place back once, and one that was refused has "
          + "none to give back."
      )
      backend.open()
      scene.pool.close()
    }
  }

  static func twoAccept() {
    explore(stuck: stuck) { stage in
      let (scene, backend) = (Scene(stage), Door("the backend"))
      for first in [1, 3] {
        stage.thread(first == 1 ? "one accepting thread" : "the other accepting thread") {
          for number in first...first + 1 { scene.submit(number, serve: backend.pass) }
        }
      }
      stage.settle()
      expect(
        scene.refused.count, equals: 1,
        "two clients came at the same moment, and both got the last place",
        "There are four, and there is room for three. Two threads have looked at the count before "
          + "either of them had changed it. "
          + "Look and take the place in one withLock.")
      backend.open()
      scene.pool.close()
    }
  }

  /// Client 4 finds no room, client 1 leaves, client 5 comes. One of the two finds client 1's
  /// place.
  static func noneForAMoment() {
    explore(stuck: stuck) { stage in
      let (scene, first, others) = (Scene(stage), Door("the first backend"), Door("the others"))
      scene.submit(1, serve: first.pass)
      stage.settle()
      for number in 2...3 { scene.submit(number, serve: others.pass) }
      stage.settle()
      stage.thread("one accepting thread") { scene.submit(4, serve: others.pass) }
      first.open()
      stage.block("waits until client 1 has left") { scene.began.contains(3) }
      scene.submit(5, serve: others.pass)
      stage.settle()
      expect(
        scene.refused.count < 2, "a client was refused although there was room",
        "Client 4 was refused, but for a moment it was counted, and in that moment client 5 came. "
          + "Count a client only if there "
          + "is room for it, in the same withLock.")
      others.open()
      scene.pool.close()
    }
  }

  static func slowRefusal() {
    explore(stuck: stuck) { stage in
      let (scene, backend, line) = (Scene(stage), Door("the backend"), Door("a slow line"))
      for number in 1...3 { scene.submit(number, serve: backend.pass) }
      stage.thread("accepting thread") { scene.submit(4, refuse: line.pass) }
      stage.settle()
      backend.open()
      stage.settle()
      expect(
        scene.served.sorted(), equals: [1, 2, 3],
        "a refused client that reads slowly holds up the workers",
        "The refusal is sent while holding the mutex, and the workers need the mutex to continue. "
          + "Decide with the mutex, "
          + "and send without it.")
      line.open()
      scene.pool.close()
    }
  }
}

extension Check {
  /// A pool, two workers and one place to wait if not said otherwise, and what became of its
  /// clients.
  final class Scene: @unchecked Sendable {
    // Unchecked: on the stage, threads run one at a time.
    let pool: Pool
    private let stage: Stage
    private(set) var began: [Int] = []
    private(set) var served: [Int] = []
    private(set) var refused: [Int] = []

    init(_ stage: Stage, workers: Int = 2, queue: Int = 1) {
      self.stage = stage
      pool = Pool(workers: workers, queue: queue)
      stage.watch(pool)
      for number in 1...workers { stage.thread("worker \(number)") { [pool] in pool.work() } }
    }

    func submit(
      _ number: Int, serve: @escaping @Sendable () -> Void = {},
      refuse: @escaping @Sendable () -> Void = {}
    ) {
      stage.note("client \(number) connects")
      let client = Client(
        onServe: { [self] in
          stage.note("serves client \(number)")
          began.append(number)
          serve()
          served.append(number)
        },
        onRefuse: { [self] in
          stage.note("refuses client \(number)")
          refuse()
          refused.append(number)
        })
      pool.submit(client)
    }
  }
}

struct Client: Sendable {
  fileprivate let onServe: @Sendable () -> Void
  fileprivate let onRefuse: @Sendable () -> Void

  /// Talks to it until it is done.
  func serve() { onServe() }
  /// Sends `503 Service Unavailable`, and closes.
  func refuse() { onRefuse() }
}
