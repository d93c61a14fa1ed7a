import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a broadcast reaches everybody who is there") { broadcast() },
    Part("one broadcasts, one leaves: both come to an end") { bothEnd() },
    Part("one client does not read: others join and leave meanwhile") { othersJoin([1]) },
    Part("the client that does not read leaves: others join meanwhile") { othersJoin([0, 1]) },
    Part("two broadcasts at the same time do not mix their frames") { twoBroadcasts() },
    Part("clients come and go while there is a broadcast") { oneAtATime() },
    Part("a client that has left gets nothing any more") { leftIsLeft() },
  ]

  static let stuck =
    "A broadcast and a leave can come at the same time. If each of them holds a mutex and wants "
    + "the one that the other "
    + "holds, neither of them continues. All threads have to take the two in the same order, or "
    + "one at a time."

  static func broadcast() {
    explore(stuck: "There is one thread only. It waits for itself.") { stage in
      var (registry, clients) = scene(3, stage)
      registry.broadcast("Hello")
      registry.leave(clients[1])
      registry.broadcast("Bye")
      let frames = [["Hello", "Bye"], ["Hello"], ["Hello", "Bye"]]
      for (client, expected) in zip(clients, frames) {
        expect(
          client.socket.written, equals: expected,
          "client \(client.id) has not got the frames that it should",
          "Each client that is there gets each broadcast once. Client 2 has left before the "
            + "second one."
        )
      }
      var gone = clients[1]
      clients = []
      expect(
        isKnownUniquelyReferenced(&gone), "client 2 has left, and the registry still knows it",
        "Every broadcast goes by it again, and its memory is never given back.")
    }
  }

  static func bothEnd() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(2, stage)
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.thread("leaver") { registry.leave(clients[0]) }
      stage.join()
      expect(
        clients[1].socket.written, equals: ["Hello"], "client 2, who stayed, has not got the frame",
        "That client 1 leaves is no reason to miss anything.")
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
        "the broadcaster sleeps: client 1 does not read. Now client 4 joins, and others leave")
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
            ? "a client that does not read leaves, and meanwhile no other client can join or leave"
            : "while one client does not read, no other client can join or leave",
          leaving.contains(0)
            ? "leave waits for the mutex of client 1, which the broadcaster holds while it "
              + "writes, and holds the registry's mutex "
              + "meanwhile. That all threads take the two in the same order prevents a deadlock, "
              + "not a long wait: hold one at a time."
            : "The broadcaster sleeps in write and holds a mutex that all threads need. Under "
              + "that mutex clients are looked up, and "
              + "nothing is sent.", happened: stage.states)
      }
      clients[0].socket.goOnReading()
      stage.join()
      expect(
        clients[0].socket.written, equals: ["Hello"], "client 1 reads again, and its frame is lost",
        "It was slow, but it was there.")
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
          "two broadcasts, and client \(client.id) has not got each of them once",
          "Each client that is there gets each broadcast once.")
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
        new.socket.written.last, equals: "Bye", "client 2 has joined, and gets no broadcast",
        "A change of the members is lost.")
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

  /// A registry with so many members.
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

/// A socket that blocks while its client does not read.
final class Socket: @unchecked Sendable {
  // Unchecked: threads run one at a time, and change only at the kit's calls.
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
        "a frame was sent to a client for which leave had returned",
        "The broadcast had found it before it left. When you send to a copy of the list, ask for "
          + "each client, when its turn "
          + "comes, whether it is still open; and leave has to say that it is not.")
    }
    expect(
      !isInUse, "two threads write to the same socket at the same time",
      "A frame goes out in several pieces if the client is slow, and the pieces of two frames "
        + "would mix. Write under the "
        + "client's mutex.")
    isInUse = true
    stage.block("sleeps in write: the client does not read") { !self.isFull }
    Stage.begin("ends its write")
    isInUse = false
    written.append(frame)
  }

  func stopReading() { isFull = true }
  func goOnReading() { isFull = false }

  /// From now on no thread may write: the descriptor's number may belong to another client.
  func close() { isClosed = true }
}

/// The list of members: like an array, but it notices when two threads are in it.
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
        "two threads are in the list of members at the same time",
        "One of them changes it while the other one uses it: a data race, which loses members or "
          + "crashes. A copy is safe, but to "
          + "make it is to read, and needs the mutex.")
    }
    isInUse = true
    defer { isInUse = false }
    Stage.begin(text)  // If a mutex keeps the others away, they come to it and no further.
    return body()
  }
}
