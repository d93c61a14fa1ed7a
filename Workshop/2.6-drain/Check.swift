import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("clients that were let in get their whole reply, including those in the queue") { all() },
    Part("no client gets in while the last ones are being served") { door() },
    Part("SIGTERM arrives while there are no clients: the workers return and the program exits") {
      idle()
    },
    Part("in any thread order, SIGTERM arrives while there are three clients") { anyOrder() },
    Part("SIGTERM arrives before a worker has started") { early() },
  ]

  static let stuck =
    "After SIGTERM no more clients will come, so you must tell every thread that is waiting for "
    + "one."

  /// There are more clients than workers, so the others are in the queue when SIGTERM arrives.
  static func all() {
    for (workers, count) in [(1, 2), (2, 5)] {
      explore(limit: 50, stuck: stuck) { stage in
        let shop = Shop(stage, workers: workers)
        let backends = (1...count).map { Door("backend \($0)") }
        for number in 1...count {
          shop.connect(number, backends[number - 1])
          stage.settle()
        }
        expect(
          shop.begun.count == min(workers, count),
          "a client was let in, but an idle worker did not serve it",
          "The worker is asleep on notEmpty. Signal notEmpty for each client you append.")
        shop.listener.terminate()
        stage.settle()
        expect(
          shop.status == nil, "the program ended as soon as SIGTERM arrived",
          "Client 1 is waiting for the rest of its reply, and client \(count) is waiting in the "
            + "queue. Both of them get a closed connection instead."
        )
        for number in 1...count {
          backends[number - 1].open()
          stage.settle()
          let begun = min(count, number + workers)
          expect(
            shop.begun.count == begun || shop.status != nil,
            "all workers have returned, but client \(begun) is still in the queue",
            "This client was let in before SIGTERM. A worker may return when the server is "
              + "stopping *and* the queue is empty."
          )
          if number < count { shop.expectNoEnd() }
        }
        shop.expectTheEnd()
      }
    }
  }

  static func door() {
    explore(stuck: stuck) { stage in
      let (shop, backend) = (Shop(stage, workers: 2), Door("the backend"))
      shop.connect(1, backend)
      stage.settle()
      shop.listener.terminate()
      stage.settle()
      shop.expectNoEnd()
      expect(
        shop.listener.isClosed,
        "the last client is being served, but the listener is still open",
        "A client that connects now ends up in the kernel's backlog and waits for a reply that "
          + "never comes. If you close the listener, the kernel refuses the client at once, and "
          + "it can try another server.")
      backend.open()
      stage.settle()
      shop.expectTheEnd()
    }
  }

  static func idle() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 2)
      stage.settle()
      shop.listener.terminate()
      stage.settle()
      shop.expectTheEnd()
    }
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 1)
      shop.listener.terminate()
      stage.settle()
      expect(
        shop.workersAtHome == 1,
        "SIGTERM arrived before the worker was asleep, and now the worker never wakes up",
        "The worker saw that the server was running, and the signal came before the worker was "
          + "asleep, so it had no effect. The worker must check and sleep in one withLock, and the "
          + "thread that signals must hold the mutex as well.")
    }
  }

  static func anyOrder() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 2)
      for number in 1...3 { shop.connect(number) }
      stage.settle()
      shop.listener.terminate()
      stage.settle()
      expect(
        shop.served.sorted(), equals: [1, 2, 3],
        "three clients were let in, but not all of them were served")
      shop.expectTheEnd()
    }
  }

  /// SIGTERM comes from a separate thread, so it can arrive after the server has let a client in
  /// and before a worker runs.
  static func early() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 1)
      shop.connect(1)
      stage.thread("kill") { shop.listener.terminate() }
      stage.settle()
      expect(
        shop.servedAtTheEnd, equals: shop.listener.accepted,
        "the program ended, but a client that was let in got no reply",
        "No worker was running yet, so the server believed that all clients had been served: a "
          + "worker that has not started is not in the count. Wait for the clients that were let "
          + "in, not for the workers.")
    }
  }
}

extension Check {
  /// A server on the stage, along with a record of what happened to it.
  final class Shop: @unchecked Sendable {
    // Unchecked: on the stage, threads run one at a time.
    let listener = Listener()
    private let stage: Stage
    private let workers: Int
    private(set) var workersAtHome = 0
    /// Clients whose reply has started, and clients whose reply is complete.
    private(set) var begun: [Int] = []
    private(set) var served: [Int] = []
    /// The exit status, once the program has exited.
    private(set) var status: Int32?
    /// The number of complete replies at that moment.
    private(set) var servedAtTheEnd = 0

    init(_ stage: Stage, workers: Int) {
      (self.stage, self.workers) = (stage, workers)
      let server = Server(listener)
      stage.watch(server)
      stage.thread("server") { [self] in
        status = server.run()
        servedAtTheEnd = served.count
        stage.note("run returned")
      }
      for number in 1...workers {
        stage.thread("worker \(number)") { [self] in
          server.work()
          stage.note("work returned")
          workersAtHome += 1
        }
      }
    }

    func connect(_ number: Int, _ backend: Door? = nil) {
      stage.note("client \(number) connects")
      listener.connect(
        Client { [self] in
          stage.note("starts its reply to client \(number)")
          begun.append(number)
          backend?.pass()
          stage.note("finishes its reply to client \(number)")
          served.append(number)
        })
    }

    /// Fails if the program has exited: a client is still in the middle of its reply.
    func expectNoEnd() {
      expect(
        status == nil, "the program ended in the middle of a reply",
        "A client that was let in is not done, whether it is in the queue or with a worker that "
          + "has removed it from the queue. Count both kinds.")
    }

    func expectTheEnd() {
      expect(
        workersAtHome == workers, "a worker is still asleep",
        "SIGTERM has arrived, but only \(workersAtHome) of \(workers) workers have returned. "
          + "Every worker that waits for a client must learn that none will come.",
        happened: stage.states
      )
      if status == nil {
        fail(
          "all clients have been served, but the program does not end",
          stage.states.contains("server sleeps on")
            ? "The main thread sleeps until the last client is done, but no thread signaled its "
              + "condition at that moment. The worker that finishes the last client must wake "
              + "the main thread, so the count must be correct."
            : "There is nothing left to wait for, but run() has not returned.",
          happened: stage.states)
      }
      expect(
        status, equals: 0, "run() did not return 0 as the exit status",
        "The program that started the server treats any other status as a crash.")
      expect(
        listener.closes == 1, "the listener was closed \(listener.closes) times",
        "The first close frees the descriptor's number. The next close then closes whatever got "
          + "that number in the meantime."
      )
    }
  }
}

struct Client: Sendable {
  fileprivate let reply: @Sendable () -> Void

  /// Serves the client until it is done.
  func serve() { reply() }

  init(_ reply: @escaping @Sendable () -> Void) { self.reply = reply }
}

/// The listening socket: clients can connect until it is closed.
final class Listener: @unchecked Sendable {
  private let mutex = PosixMutex("the listener's mutex")
  private let changed = PosixCondition("accept")
  private var backlog: [Client] = []
  private var isTerminated = false
  fileprivate var isClosed: Bool { closes > 0 }
  fileprivate private(set) var closes = 0
  fileprivate private(set) var accepted = 0

  /// Waits for the next client and returns it. Returns `nil` once SIGTERM has arrived.
  func accept() -> Client? {
    mutex.withLock {
      if isClosed {
        fail(
          "accept() was called on a closed listener",
          "Its descriptor's number may belong to another connection by now.")
      }
      while backlog.isEmpty && !isTerminated { changed.wait(holding: mutex) }
      if isTerminated { return nil }
      accepted += 1
      return backlog.removeFirst()
    }
  }

  /// Closes the listener. From now on, the kernel refuses connections.
  func close() { closes += 1 }

  fileprivate func connect(_ client: Client) {
    mutex.withLock {
      backlog.append(client)
      changed.signal()
    }
  }

  fileprivate func terminate() {
    mutex.withLock {
      isTerminated = true
      changed.signal()
    }
  }
}
