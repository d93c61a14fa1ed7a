import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a broadcast reaches every client in the registry") { broadcast() },
    Part("a broadcast and a leave at the same time both finish") { bothEnd() },
    Part("while one client does not read, others can join and leave") { othersJoin([1]) },
    Part("while the client that does not read leaves, others can join") { othersJoin([0, 1]) },
    Part("two broadcasts at the same time do not mix their frames") { twoBroadcasts() },
    Part("clients join and leave during a broadcast") { oneAtATime() },
    Part("a client that left gets no more frames") { leftIsLeft() },
  ]

  static let stuck =
    "A broadcast and a leave can happen at the same time. If each thread holds one mutex and waits "
    + "for the mutex that the other thread holds, neither can continue. All threads must take the "
    + "two mutexes in the same order, or hold only one at a time."

  static func broadcast() {
    explore(stuck: "There is only one thread, and it waits for a mutex that it already holds.") {
      stage in
      var (registry, clients) = scene(3, stage)
      registry.broadcast("Hello")
      registry.leave(clients[1])
      registry.broadcast("Bye")
      let frames = [["Hello", "Bye"], ["Hello"], ["Hello", "Bye"]]
      for (client, expected) in zip(clients, frames) {
        expect(
          client.socket.written, equals: expected,
          "client \(client.id) got the wrong frames",
          "Each client in the registry gets each broadcast once. Client 2 left before the second "
            + "broadcast."
        )
      }
      var gone = clients[1]
      clients = []
      expect(
        isKnownUniquelyReferenced(&gone), "client 2 left, but it is still in the registry",
        "Every broadcast visits it again, and its memory is never freed.")
    }
  }

  static func bothEnd() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(2, stage)
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.thread("leaver") { registry.leave(clients[0]) }
      stage.join()
      expect(
        clients[1].socket.written, equals: ["Hello"], "client 2 stayed, but did not get the frame",
        "Client 1 leaving must not make client 2 miss anything.")
    }
  }

  /// - Parameter leaving: the clients that leave; 0 is the one that does not read.
  static func othersJoin(_ leaving: [Int]) {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(3, stage)
      let new = Client(id: 4, socket: Socket(stage))
      let (joined, left) = (Counter(), Counter())
      clients[0].socket.stopReading()
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.settle()
      stage.note(
        "the broadcaster sleeps because client 1 does not read; now client 4 joins and others leave"
      )
      for index in leaving {
        stage.thread("leaver \(index + 1)") {
          registry.leave(clients[index])
          if index > 0 { left.add() }
        }
      }
      stage.settle()
      stage.thread("joiner") {
        registry.join(new)
        joined.add()
      }
      stage.settle()
      if joined.value + left.value < 2 {
        fail(
          leaving.contains(0)
            ? "while a client that does not read is leaving, no other client can join or leave"
            : "while one client does not read, no other client can join or leave",
          leaving.contains(0)
            ? "leave holds the registry's mutex while it waits for the mutex of client 1, which "
              + "the broadcaster holds while it writes. Taking the two in the same order in all "
              + "threads prevents a deadlock, but not a long wait: hold only one at a time."
            : "The broadcaster sleeps in write while it holds a mutex that all threads need. While "
              + "holding the registry's mutex, only look up clients. Send nothing.",
          happened: stage.states)
      }
      clients[0].socket.resumeReading()
      stage.join()
      expect(
        clients[0].socket.written, equals: ["Hello"],
        "client 1 is reading again, but its frame was lost",
        "The client was slow, but it never left, so it must get the frame.")
    }
  }

  static func twoBroadcasts() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(2, stage)
      for frame in ["one", "two"] {
        stage.thread("broadcaster of \(show(frame))") { registry.broadcast(frame) }
      }
      stage.join()
      for client in clients {
        expect(
          client.socket.written.sorted(), equals: ["one", "two"],
          "after two broadcasts, client \(client.id) did not get each of them exactly once",
          "Each client in the registry gets each broadcast once.")
      }
    }
  }

  static func oneAtATime() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(1, stage)
      let new = Client(id: 2, socket: Socket(stage))
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.thread("joiner") { registry.join(new) }
      stage.thread("leaver") { registry.leave(clients[0]) }
      stage.join()
      registry.broadcast("Bye")
      expect(
        new.socket.written.last, equals: "Bye", "client 2 joined but does not get broadcasts",
        "A change to the list of members was lost, so the client waits for frames that never come.")
    }
  }

  static func leftIsLeft() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(2, stage)
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.thread("leaver") {
        registry.leave(clients[1])
        stage.note("leave has returned")
        clients[1].socket.close()
      }
      stage.join()
    }
  }

  /// Creates a registry with this many members.
  static func scene(_ count: Int, _ stage: Stage) -> (Registry, [Client]) {
    let registry = Registry()
    let clients = (1...count).map { Client(id: $0, socket: Socket(stage)) }
    stage.watch(registry)
    for client in clients {
      stage.watch(client)
      registry.join(client)
    }
    return (registry, clients)
  }
}

/// A socket whose `write` blocks while its client does not read.
final class Socket: @unchecked Sendable {
  // Unchecked: threads run one at a time and switch only in calls to the kit.
  private let stage: Stage
  private var isFull = false
  private var isClosed = false
  private var isInUse = false
  private(set) var written: [String] = []

  init(_ stage: Stage) { self.stage = stage }

  func write(_ frame: String) {
    Stage.begin("writes \(show(frame))")
    if isClosed {
      fail(
        "a frame was sent to a client after leave(client) had returned",
        "The broadcast found this client in the list before it left. If you send to a copy of the "
          + "list, check right before each send whether that client is still open. And leave must "
          + "mark it as closed.")
    }
    expect(
      !isInUse, "two threads write to the same socket at the same time",
      "If the client is slow, a frame goes out in several pieces, and the pieces of two frames "
        + "would mix. Write while holding the client's mutex.")
    isInUse = true
    stage.block("sleeps in write: the client does not read") { !self.isFull }
    Stage.begin("finishes its write")
    isInUse = false
    written.append(frame)
  }

  func stopReading() { isFull = true }
  func resumeReading() { isFull = false }

  /// After this, threads must not write: the descriptor's number may belong to another client.
  func close() { isClosed = true }
}

/// The list of members: like an array, but it detects two threads using it at the same time.
final class Members {
  private var clients: [Client] = []
  private var isInUse = false

  var all: [Client] { use("reads the list of members") { clients } }
  func add(_ client: Client) { use("adds client \(client.id)") { clients.append(client) } }
  func remove(_ client: Client) {
    use("removes client \(client.id)") { clients.removeAll { $0 === client } }
  }

  private func use<Result>(_ text: String, _ body: () -> Result) -> Result {
    if isInUse {
      fail(
        "two threads use the list of members at the same time",
        "One thread changes the list while the other uses it. This is a data race: it can lose "
          + "members or crash the server. A copy is safe to use without the mutex, but making the "
          + "copy reads the list, and that needs the mutex.")
    }
    isInUse = true
    defer { isInUse = false }
    Stage.begin(text)  // If a mutex keeps the other threads out, they stop at the mutex.
    return body()
  }
}
