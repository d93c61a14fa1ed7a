import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("two workers and one place: of eight clients, five are refused") { refuses() },
    Part("three who come before a worker has woken up are all taken on") { burst() },
    Part("who leaves makes room") { makesRoom() },
    Part("in whatever order: a client is either served or refused, and no place is lost") {
      eitherOr()
    },
    Part("two threads accept, and of four clients one is refused") { twoAccept() },
    Part("a client who is slow to read its refusal holds nobody up") { slowRefusal() },
  ]

  static let stuck =
    "submit must not wait for room: it is called by a thread that accepts, and while that waits nobody is told anything."

  /// The clients come one by one, and each is held once it is served.
  static func refuses() {
    explore(stuck: stuck) { stage in
      let (scene, backend) = (Scene(stage), Door("the backend"))
      for number in 1...8 {
        scene.submit(number, serve: backend.pass)
        stage.settle()
      }
      expect(
        !scene.refused.isEmpty, "of eight clients, none is refused",
        "There is room for three: two are served, one waits. A queue without a bound does not make the workers "
          + "faster, it hides that they are too slow.")
      expect(
        scene.refused.count >= 5, "there was room for three of eight clients, and more are here",
        "A client who is served is still here, until the worker is done with it: the place is given back too early."
      )
      expect(
        scene.refused, equals: [4, 5, 6, 7, 8], "a client was refused although there was room")
      backend.open()
      scene.pool.close()
    }
  }

  static func burst() {
    explore(stuck: stuck) { stage in
      let (scene, backend) = (Scene(stage), Door("the backend"))
      for number in 1...5 { scene.submit(number, serve: backend.pass) }
      expect(
        scene.refused, equals: [4, 5], "a client was refused although there was room",
        "Whether the first clients are still in the queue or with a worker already is a matter of luck. There are two "
          + "workers, who will take two of them: count the clients that are here, not those that wait."
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
          scene.refused, equals: [], "everybody has left, and the next client is refused",
          "One client after the other came, was served and left. Whoever takes a place has to give it back, or the "
            + "pool is full for good.")
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
        scene.refused, equals: before, "everybody had left, and a place was lost",
        "Two threads have changed the count at the same time, and one of the changes is gone. It needs the mutex."
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
        "There are four, and there is room for three. Two threads have looked at the count before either of them had changed it. To "
          + "look and to take the place must be one step: look with the mutex, too.")
      backend.open()
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
        "a refused client who reads slowly holds up the workers",
        "The refusal is sent while holding the mutex, and the workers need the mutex to go on. Decide with the mutex, "
          + "and send without it.")
      line.open()
      scene.pool.close()
    }
  }
}

/// A pool of two workers and one place to wait, and what became of its clients.
final class Scene: @unchecked Sendable {
  // Unchecked: on the stage, threads run one at a time.
  let pool = Pool(workers: 2, queue: 1)
  private let stage: Stage
  private(set) var served: [Int] = []
  private(set) var refused: [Int] = []

  init(_ stage: Stage) {
    self.stage = stage
    for number in 1...2 { stage.thread("worker \(number)") { [pool] in pool.work() } }
  }

  func submit(
    _ number: Int, serve: @escaping @Sendable () -> Void = {},
    refuse: @escaping @Sendable () -> Void = {}
  ) {
    stage.note("client \(number) connects")
    let client = Client(
      onServe: { [self] in
        stage.note("serves client \(number)")
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

struct Client: Sendable {
  fileprivate let onServe: @Sendable () -> Void
  fileprivate let onRefuse: @Sendable () -> Void

  /// Talks to it until it is done.
  func serve() { onServe() }
  /// Sends `503 Service Unavailable`, and closes.
  func refuse() { onRefuse() }
}
