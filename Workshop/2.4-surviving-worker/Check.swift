import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("clients are served one after the other") { order() },
    Part("a handler that throws ends neither the program nor its worker") { survives() },
    Part("a client is closed after it was served, and only once") { closes([]) },
    Part("a client whose handler has thrown is closed as well, and only once") { closes([2]) },
    Part("a client is served once, whatever its handler throws") { once() },
    Part("each error reaches the log, and nothing else does") { logs() },
    Part("a thousand errors need no more stack than one") { stack() },
  ]

  static let stuck = "The queue is closed: pop returns nil, and then the worker's life ends."

  static func order() {
    explore(stuck: stuck) { stage in
      let (queue, served) = (ClientQueue(3), Record())
      let worker = Worker(queue: queue, serve: { served.add($0.number) }, log: { _ in })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      expect(
        served.numbers, equals: [1, 2, 3], "three clients came, and these were served",
        "The loop ends when pop returns nil, and not before.")
    }
  }

  /// Two workers, three errors; then two clients who can only be served at the same time.
  static func survives() {
    explore(
      stuck: stuck,
      crash: "One client's error has ended the program, and with it all the others' connections."
    ) { stage in
      let (queue, backend, held) = (ClientQueue(5), Door("the backend"), Counter())
      let worker = Worker(
        queue: queue,
        serve: { client in
          stage.note("serves client \(client.number)" + (client.number <= 3 ? ", and throws" : ""))
          if client.number <= 3 { throw Vanished(client: client.number) }
          held.add()
          backend.pass()
        }, log: { _ in })
      for number in 1...2 { stage.thread("worker \(number)") { worker.run() } }
      stage.settle()
      expect(
        held.value, equals: 2, "each error has cost a worker",
        "A pool of two has met three errors, and then two clients came. A worker that leaves its "
          + "loop after an error, because "
          + "the catch is around the loop or ends it, is gone, and its place stays empty.")
      backend.open()
      queue.close()
    }
  }

  static func closes(_ failing: [Int]) {
    explore(stuck: stuck) { stage in
      let (queue, served) = (ClientQueue(3), Record())
      let worker = Worker(
        queue: queue,
        serve: { client in
          expect(
            client.closed, equals: 0, "client \(client.number) was closed before it was served",
            "Its descriptor is gone, so no reply can be sent. Close it when serve has returned or "
              + "thrown.")
          served.add(client.number)
          stage.note("serves client \(client.number)")
          if failing.contains(client.number) { throw Vanished(client: client.number) }
        }, log: { _ in })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      for client in queue.all {
        let name =
          "client \(client.number)"
          + (failing.contains(client.number) ? ", whose handler has thrown," : "")
        expect(
          client.closed > 0, "\(name) was not closed",
          "Its descriptor is lost. A process usually has 1,024 of them; then no client can "
            + "connect any more."
        )
        expect(
          client.closed == 1, "\(name) was closed twice",
          "With the first close its number is free, and the next client may get it. The second "
            + "close hits that one."
        )
      }
    }
  }

  static func once() {
    explore(stuck: stuck) { stage in
      let (queue, served) = (ClientQueue(3), Record())
      let worker = Worker(
        queue: queue,
        serve: { client in
          stage.note("serves client \(client.number)")
          served.add(client.number)
          if client.number == 2 { throw Vanished(client: 2) }
        }, log: { _ in })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      expect(
        served.numbers, equals: [1, 2, 3],
        "a client whose handler has thrown is served a second time",
        "Half of its reply may already be on its way, and a request that was carried out is "
          + "carried out again. An error ends "
          + "this client: close it, log it, take the next one.")
    }
  }

  static func logs() {
    explore(stuck: stuck) { stage in
      let (queue, logged) = (ClientQueue(4), Record())
      let worker = Worker(
        queue: queue,
        serve: { if $0.number % 2 == 0 { throw Vanished(client: $0.number) } },
        log: { logged.add(($0 as? Vanished)?.client ?? 0) })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      expect(
        !logged.numbers.isEmpty, "clients 2 and 4 ended with an error, and the log has none",
        "The worker survives the error, and hides it. The log is where an operator looks for the "
          + "reason."
      )
      expect(
        logged.numbers, equals: [2, 4],
        "clients 2 and 4 ended with an error, and the log says something else",
        "Each error is logged once, as it was thrown.")
    }
  }

  /// How deep in the stack `serve` is called: always as deep, where the worker's life is a loop.
  static func stack() {
    let why =
      "A run() that calls run() after an error has not returned: each of these calls waits for "
      + "the next one. A thread has a few "
      + "megabytes of stack. After enough errors they are full, and the program ends."
    explore(limit: 1, stuck: stuck, crash: why) { stage in
      let (queue, depths) = (ClientQueue(1000), Record())
      let worker = Worker(
        queue: queue,
        serve: { client in
          var mark = 0
          withUnsafePointer(to: &mark) { depths.add(-Int(bitPattern: $0)) }
          throw Vanished(client: client.number)
        }, log: { _ in })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      Events.start("")
      expect(
        depths.numbers[999] - depths.numbers[0] < 16 * 1024,
        "with each error, the worker's stack has grown", why,
        expected: "client 1,000 is served as deep in the stack as client 1",
        happened: "there are a thousand calls between")
    }
  }
}

final class Client: @unchecked Sendable {
  // Unchecked: on the stage, threads run one at a time.
  let number: Int
  private(set) var closed = 0

  init(_ number: Int) { self.number = number }

  func close() { closed += 1 }
}

/// The queue of 2.1, with clients in it.
final class ClientQueue: @unchecked Sendable {
  let all: [Client]
  private let mutex = PosixMutex("the queue's mutex")
  private let changed = PosixCondition("the queue")
  private var waiting: ArraySlice<Client>
  private var isClosed = false

  init(_ count: Int) {
    all = (1...count).map { Client($0) }
    waiting = all[...]
  }

  func pop() -> Client? {
    mutex.withLock {
      while waiting.isEmpty && !isClosed { changed.wait(holding: mutex) }
      return waiting.popFirst()
    }
  }

  func close() {
    mutex.withLock {
      isClosed = true
      changed.broadcast()
    }
  }
}

extension Check {
  struct Vanished: Error { let client: Int }

  final class Record: @unchecked Sendable {
    // Unchecked: on the stage, threads run one at a time.
    private(set) var numbers: [Int] = []
    func add(_ number: Int) { numbers.append(number) }
  }
}
