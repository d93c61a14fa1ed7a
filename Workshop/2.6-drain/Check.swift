import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("who was let in is served to the end, in the queue as well") { everybody() },
    Part("nobody new gets in while the last clients are served") { door() },
    Part("SIGTERM while nobody is there: the workers end, and the program") { idle() },
    Part("in whatever order: SIGTERM amid three clients") { anyOrder() },
    Part("SIGTERM when no worker has begun yet") { early() },
  ]

  static let stuck = "Nobody opens the door of a closed shop."

  /// One worker: client 2 is in the queue when SIGTERM arrives.
  static func everybody() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 1)
      let backends = [Door("the first backend"), Door("the second backend")]
      for number in 1...2 {
        shop.connect(number, backends[number - 1])
        stage.settle()
      }
      shop.listener.terminate()
      stage.settle()
      expect(
        shop.status == nil, "SIGTERM, and the program has ended at once",
        "Client 1 waits for the rest of its reply, client 2 in the queue. Both get a closed connection in its place."
      )
      backends[0].open()
      stage.settle()
      expect(
        shop.begun == [1, 2] || shop.status != nil,
        "the workers have gone home, and client 2 stands in the queue",
        "It was let in before SIGTERM. A worker may go when the server stops *and* nobody waits.")
      shop.expectNoEnd()
      backends[1].open()
      stage.settle()
      shop.expectTheEnd()
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
        "Whoever connects now gets into the kernel's backlog and believes to be served. With a closed listener they are "
          + "refused at once, and go to another server.")
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
        "It saw that the server goes on, and the news came between its look and its sleep, where nobody hears it. The "
          + "mutex keeps the two together, and whoever brings the news needs it, too.")
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

  /// SIGTERM comes from a thread of its own, so that it may come when the server has let somebody in and no worker runs.
  static func early() {
    explore(stuck: stuck) { stage in
      let shop = Shop(stage, workers: 1)
      shop.connect(1)
      stage.thread("kill") { shop.listener.terminate() }
      stage.settle()
      expect(
        shop.servedAtTheEnd, equals: shop.listener.accepted,
        "the program has ended, and a client who was let in has no reply",
        "No worker was there, so the server took everybody for served: a worker that has not begun is not counted yet. What has to be "
          + "waited for are the clients that were let in.")
    }
  }
}

/// A server on the stage, and what has become of it.
final class Shop: @unchecked Sendable {
  // Unchecked: on the stage, threads run one at a time.
  let listener = Listener()
  private let stage: Stage
  private let workers: Int
  private(set) var workersAtHome = 0
  /// Whose reply has begun, and whose is complete.
  private(set) var begun: [Int] = []
  private(set) var served: [Int] = []
  /// Of the program, once it has ended.
  private(set) var status: Int32?
  /// How many replies were complete at that moment.
  private(set) var servedAtTheEnd = 0

  init(_ stage: Stage, workers: Int) {
    (self.stage, self.workers) = (stage, workers)
    let server = Server(listener)
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

  /// Somebody is in the middle of a reply.
  func expectNoEnd() {
    expect(
      status == nil, "the program has ended in the middle of a reply",
      "The queue is empty, but a client whom a worker has taken out of it is still here.")
  }

  func expectTheEnd() {
    expect(
      workersAtHome == workers, "a worker sleeps on",
      "SIGTERM has arrived, and of \(workers) workers \(workersAtHome) have returned. Each one that waits for a client has to "
        + "learn that none will come.")
    expect(
      status != nil, "everybody is served, and the program does not end",
      "The main thread sleeps until the last client is done. Whoever is done with the last one has to wake it; and the count "
        + "of those who are here must be right, so it needs the mutex.")
    expect(
      status, equals: 0, "the exit status",
      "Whoever has started the server takes anything else for a crash.")
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
  fileprivate private(set) var isClosed = false
  fileprivate private(set) var accepted = 0

  /// The next client. Waits for one; `nil` once SIGTERM has arrived.
  func accept() -> Client? {
    mutex.withLock {
      while backlog.isEmpty && !isTerminated { changed.wait(holding: mutex) }
      if isTerminated { return nil }
      accepted += 1
      return backlog.removeFirst()
    }
  }

  /// From here on, who connects is refused.
  func close() { isClosed = true }

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
