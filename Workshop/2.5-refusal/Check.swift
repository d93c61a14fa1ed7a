import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the pool takes one client for each worker and each place in the queue, and no more") {
      refuses([(2, 1), (1, 3)])
    },
    Part("three clients that arrive before a worker has woken up are all accepted") { burst() },
    Part("a pool without a queue takes one client for each worker") { refuses([(3, 0)]) },
    Part("a client that leaves makes room for another") { makesRoom() },
    Part("in any thread order, each client is served or refused, and no place is lost") {
      eitherOr()
    },
    Part("two threads accept four clients, and one of the clients is refused") { twoAccept() },
    Part("a refused client never takes a place, not even for a moment") { noneForAMoment() },
    Part("a client that is slow to read its refusal doesn't hold up anyone else") { slowRefusal() },
  ]

  static let stuck =
    "submit must not wait for room. It is called by an accepting thread, and while that thread "
    + "waits, no new client gets an answer or a refusal."

  /// The clients come one by one. Each is held while it is being served.
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
          !scene.refused.isEmpty, "\(there): eight clients came, but none was refused",
          "An unbounded queue doesn't make the workers faster. It only hides that they are too "
            + "slow, until the clients time out or the memory runs out."
        )
        expect(
          scene.refused.count != 7 - room,
          "\(there), but the pool took one client too many",
          "Compare before you take a client: if \(room) are already here, there is no room.")
        expect(
          scene.refused.count >= 8 - room, "\(there), but the pool holds more clients than that",
          "The place was given back too early. A client that is being served still takes up its "
            + "place until the worker is done with it."
        )
        expect(
          scene.refused, equals: Array(room + 1...8),
          "\(there), but a client was refused although there was room",
          "There is room if fewer than \(room) clients are here, whether they are waiting or being "
            + "served.")
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
        "Whether the first clients are still in the queue or already with a worker depends on "
          + "timing. There are two workers, and they will take two of these clients. So count "
          + "the clients that are here, not the ones that are waiting."
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
          scene.refused, equals: [], "all clients have left, but the next one is refused",
          "Clients came one after another, were served, and left. Each of them took a place that "
            + "the worker must give back, or else the pool fills up for good.")
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
        "a client did not get exactly one answer or refusal",
        "A client that gets neither an answer nor a 503 waits until it times out.")
      for number in 6...8 { scene.submit(number, serve: backend.pass) }
      expect(
        scene.refused, equals: before, "all clients had left, but a place was lost",
        "A client that was accepted gives back its place once. A client that was refused has none "
          + "to give back."
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
        "two clients arrived at the same moment, and both got the last place",
        "Four clients came, and there is room for three. Two threads looked at the count before "
          + "either of them changed it. Check the count and take the place in one withLock.")
      backend.open()
      scene.pool.close()
    }
  }

  /// Client 4 finds no room, client 1 leaves, client 5 arrives. One of the two gets client 1's
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
        "Client 4 was refused, but you counted it for a moment, and client 5 arrived at that "
          + "moment. Count a client only if there is room for it, and do both in one withLock.")
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
        "You send the refusal while holding the mutex, and the workers need the mutex to continue. "
          + "Decide while holding the mutex, and send the refusal after releasing it.")
      line.open()
      scene.pool.close()
    }
  }
}

extension Check {
  /// A pool and what happened to its clients. It has two workers and one place in the queue unless
  /// the check says otherwise.
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

  /// Serves the client until it is done.
  func serve() { onServe() }
  /// Sends `503 Service Unavailable` and closes the connection.
  func refuse() { onRefuse() }
}
