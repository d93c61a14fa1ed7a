import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("clients that were let in are served to the end, those in the queue as well") { all() },
    Part("no client gets in while the last ones are served") { door() },
    Part("SIGTERM while no client is there: the workers end, and the program") { idle() },
    Part("in any order: SIGTERM amid three clients") { anyOrder() },
    Part("SIGTERM when no worker has begun yet") { early() },
  ]

  static let stuck =
    "After SIGTERM no client comes any more: a thread that waits for one has to be told."

  /// More clients than workers: the others are in the queue when SIGTERM arrives.
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
          "a client was let in, and an idle worker does not serve it",
          "The worker sleeps at notEmpty. Each client that is appended needs a signal.")
        shop.listener.terminate()
        stage.settle()
        expect(
          shop.status == nil, "SIGTERM, and the program has ended at once",
          "Client 1 waits for the rest of its reply, client \(count) waits in the queue. Both get "
            + "a closed connection instead."
        )
        for number in 1...count {
          backends[number - 1].open()
          stage.settle()
          let begun = min(count, number + workers)
          expect(
            shop.begun.count == begun || shop.status != nil,
            "the workers have gone home, and client \(begun) is still in the queue",
            "It was let in before SIGTERM. A worker may end when the server stops *and* no client "
              + "waits."
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
        "client 1 is being served, no new one will be, and the door is still open",
        "A client that connects now gets into the kernel's backlog and waits for a reply that "
          + "never comes. A closed listener "
          + "refuses it at once, and it goes to another server.")
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
        shop.workersAtHome == 1, "SIGTERM arrived before the worker slept, and now it sleeps on",
        "It saw that the server goes on, and the signal came between its look and its sleep, "
          + "where no one hears it. The "
          + "mutex keeps the two together, and the thread that signals needs it, too.")
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
        shop.served.sorted(), equals: [1, 2, 3], "three clients were let in, and not all served")
      shop.expectTheEnd()
    }
  }

  /// SIGTERM comes from a separate thread, so that it may come when the server has let a client in
  /// and no worker runs.
  static func early() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 1)
      shop.connect(1)
      stage.thread("kill") { shop.listener.terminate() }
      stage.settle()
      expect(
        shop.servedAtTheEnd, equals: shop.listener.accepted,
        "the program has ended, and a client that was let in has no reply",
        "No worker was there, so the server took all clients for served: a worker that has not "
          + "begun is not counted yet. Wait for "
          + "the clients that were let in.")
    }
  }
}

extension Check {
  /// A server on the stage, and what has become of it.
  final class Shop: @unchecked Sendable {
    // Unchecked: on the stage, threads run one at a time.
    let listener = Listener()
    private let stage: Stage
    private let workers: Int
    private(set) var workersAtHome = 0
    /// The clients whose reply has begun, and those whose reply is complete.
    private(set) var begun: [Int] = []
    private(set) var served: [Int] = []
    /// Of the program, once it has ended.
    private(set) var status: Int32?
    /// How many replies were complete at that moment.
    private(set) var servedAtTheEnd = 0

    init(_ stage: Stage, workers: Int) {
      (self.stage, self.workers) = (stage, workers)
      let server = Server(listener)
      stage.watch(server)
      stage.thread("server") { [self] in
        status = server.run()
        servedAtTheEnd = served.count
        stage.note("run has returned")
      }
      for number in 1...workers {
        stage.thread("worker \(number)") { [self] in
          server.work()
          stage.note("work has returned")
          workersAtHome += 1
        }
      }
    }

    func connect(_ number: Int, _ backend: Door? = nil) {
      stage.note("client \(number) connects")
      listener.connect(
        Client { [self] in
          stage.note("begins its reply to client \(number)")
          begun.append(number)
          backend?.pass()
          stage.note("ends its reply to client \(number)")
          served.append(number)
        })
    }

    /// A client is in the middle of its reply.
    func expectNoEnd() {
      expect(
        status == nil, "the program has ended in the middle of a reply",
        "A client that was let in is still here, in the queue or with a worker that has taken it "
          + "out. "
          + "Count both.")
    }

    func expectTheEnd() {
      expect(
        workersAtHome == workers, "a worker sleeps on",
        "SIGTERM has arrived, and of \(workers) workers \(workersAtHome) have returned. Each one "
          + "that waits for a client has to "
          + "learn that none will come.", happened: stage.states)
      if status == nil {
        fail(
          "all clients are served, and the program does not end",
          stage.states.contains("server sleeps at")
            ? "The main thread sleeps until the last client is done, and its condition was not "
              + "signaled when that was so. The worker "
              + "that is done with the last client has to wake it; and the count must be right "
              + "for that."
            : "run() has not returned, although nothing is left to wait for.",
          happened: stage.states)
      }
      expect(
        status, equals: 0, "the exit status",
        "The program that started the server takes any other status for a crash.")
      expect(
        listener.closes == 1, "the listener was closed \(listener.closes) times",
        "After the first close its descriptor's number is free, and the next close hits whatever "
          + "has got it since."
      )
    }
  }
}

struct Client: Sendable {
  fileprivate let reply: @Sendable () -> Void

  /// Talks to it until it is done.
  func serve() { reply() }

  init(_ reply: @escaping @Sendable () -> Void) { self.reply = reply }
}

/// The door: clients connect to it, until it is closed.
final class Listener: @unchecked Sendable {
  private let mutex = PosixMutex("the listener's mutex")
  private let changed = PosixCondition("accept")
  private var backlog: [Client] = []
  private var isTerminated = false
  fileprivate var isClosed: Bool { closes > 0 }
  fileprivate private(set) var closes = 0
  fileprivate private(set) var accepted = 0

  /// The next client. Waits for one; `nil` once SIGTERM has arrived.
  func accept() -> Client? {
    mutex.withLock {
      if isClosed {
        fail(
          "accept on a listener that is closed", "Its number may belong to another connection now.")
      }
      while backlog.isEmpty && !isTerminated { changed.wait(holding: mutex) }
      if isTerminated { return nil }
      accepted += 1
      return backlog.removeFirst()
    }
  }

  /// From here on, the kernel refuses connections.
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
