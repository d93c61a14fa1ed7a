import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a broadcast reaches everybody who is there") { broadcast() },
    Part("one broadcasts, one leaves: both come to an end") { bothEnd() },
    Part("one client does not read: others join meanwhile") { othersJoin() },
    Part("clients come and go while there is a broadcast") { oneAtATime() },
    Part("who has left gets nothing any more") { leftIsLeft() },
  ]

  static let stuck =
    "A broadcast and a leave can come at the same time. Where each of them holds a mutex and wants the one that the other "
    + "holds, none of them goes on. So all threads have to take the two in the same order, or one at a time."

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
          "Everybody who is there gets each broadcast once. Client 2 has left before the second one."
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

  static func othersJoin() {
    explore(stuck: stuck) { stage in
      let (registry, clients) = scene(2, stage)
      let new = Client(id: 3, socket: Socket(stage))
      let (joined, left) = (Counter(), Counter())
      clients[0].socket.stopReading()
      stage.thread("broadcaster") { registry.broadcast("Hello") }
      stage.settle()
      stage.note(
        "the broadcaster sleeps: client 1 does not read. Now client 3 joins, and client 2 leaves")
      stage.thread("joiner") {
        registry.join(new)
        joined.add()
      }
      stage.thread("leaver") {
        registry.leave(clients[1])
        left.add()
      }
      stage.settle()
      expect(
        joined.value + left.value == 2,
        "while one client does not read, nobody can join or leave",
        "The broadcaster sleeps in write and holds a mutex that everybody needs. Under that mutex names are looked up, and "
          + "nothing is sent.")
      clients[0].socket.goOnReading()
      stage.join()
      expect(
        clients[0].socket.written, equals: ["Hello"], "client 1 reads again, and its frame is lost",
        "It was slow, but it has not left.")
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
    for client in clients { registry.join(client) }
    return (registry, clients)
  }
}

/// A socket that blocks while its client does not read.
final class Socket: @unchecked Sendable {
  // Unchecked: threads run one at a time, and change only at the kit's calls.
  private let stage: Stage
  private var isFull = false
  private var isClosed = false
  private(set) var written: [String] = []

  init(_ stage: Stage) { self.stage = stage }

  func write(_ frame: String) {
    Stage.begin("writes \(show(frame))")
    if isClosed {
      fail(
        "a frame was sent to a client for whom leave had returned",
        "The broadcast had found it before it left. Whoever uses a copy of the list has to ask, when its turn comes, whether "
          + "the client is still there; and leave has to tell.")
    }
    stage.block("sleeps in write: the client does not read") { !self.isFull }
    written.append(frame)
  }

  func stopReading() { isFull = true }
  func goOnReading() { isFull = false }

  /// By now nobody may write any more: the descriptor's number may belong to another client.
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
        "One of them changes it while the other one reads: a data race, which loses members or crashes. A copy is safe, but making "
          + "it is reading, and needs the mutex.")
    }
    isInUse = true
    defer { isInUse = false }
    Stage.begin(text)  // Where a mutex keeps the others away, they come to it and no further.
    return body()
  }
}
