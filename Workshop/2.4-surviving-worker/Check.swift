import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("clients are served one after the other") { order() },
    Part("a handler that throws ends neither the program nor its worker") { survives() },
    Part("a client is closed once, after it was served") { closes([]) },
    Part("a client whose handler threw an error is also closed once") { closes([2]) },
    Part("a client is served once, whatever its handler throws") { once() },
    Part("each error reaches the log, and nothing else does") { logs() },
    Part("a thousand errors take no more stack than one") { stack() },
  ]

  static let stuck = "When the queue is closed, pop returns nil, and then run() must return."

  static func order() {
    explore(stuck: stuck) { stage in
      let (queue, served) = (ClientQueue(3), Record())
      let worker = Worker(queue: queue, serve: { served.add($0.number) }, log: { _ in })
      queue.close()
      stage.thread("worker") { worker.run() }
      stage.join()
      expect(
        served.numbers, equals: [1, 2, 3],
        "three clients came, but not all of them were served in order",
        "The loop must end when pop returns nil, not earlier.")
    }
  }

  /// Two workers and three errors, followed by two clients that can only be served at the same
  /// time.
  static func survives() {
    explore(
      stuck: stuck,
      crash:
        "One client's error ended the whole program, and with it every other client's connection."
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
        held.value, equals: 2, "errors cost the pool its workers",
        "A pool of two workers hit three errors, and then two more clients came. If the catch is "
          + "outside the loop, or if it breaks out of the loop, an error ends the worker, and "
          + "nothing replaces it.")
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
            "The connection is gone, so no reply can be sent. Close the client after serve "
              + "returns or throws.")
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
          + (failing.contains(client.number) ? ", whose handler threw an error," : "")
        expect(
          client.closed > 0, "\(name) was not closed",
          "This leaks the client's descriptor. A process usually gets 1,024 of them; when they "
            + "are used up, no client can connect."
        )
        expect(
          client.closed == 1, "\(name) was closed twice",
          "The first close frees the descriptor's number, and the next client may get it. The "
            + "second close would then cut off that client."
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
        "a client was served again after its handler threw an error",
        "Part of the reply may already be on its way, and serving the request again could carry "
          + "it out a second time. Give up on this client: close it, log the error, and take the "
          + "next one.")
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
        !logged.numbers.isEmpty, "clients 2 and 4 failed with an error, but the log is empty",
        "The worker survives the error but hides it. The log is where an operator looks for the "
          + "cause."
      )
      expect(
        logged.numbers, equals: [2, 4],
        "clients 2 and 4 failed with an error, but the log says something else",
        "Log each error once, exactly as it was thrown.")
    }
  }

  /// Compares how deep the stack is each time `serve` is called. If the worker runs a loop, the
  /// depth stays the same.
  static func stack() {
    let why =
      "If run() calls run() after an error, it hasn't returned: each of these calls waits for the "
      + "next one. A thread has a few megabytes of stack, and after enough errors it is full "
      + "and the program crashes."
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
        "the worker's stack grew with each error", why,
        expected: "client 1,000 is served at the same stack depth as client 1",
        happened: "there are a thousand calls in between")
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

/// The queue of exercise 2.1, filled with clients.
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
