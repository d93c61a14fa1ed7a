import Common
import Testing

@testable import _3_Epoll
@testable import _4_Actor
@testable import _5_WebSocket

/// The loops of chapters 3 to 5, run in this process. A read has room for one request, and each
/// client sends enough requests to use up its budget.
@Suite(.timeLimit(.minutes(5))) struct SharedBufferTests {
  private let service = HelloService(name: "test", options: ServerOptions())
  private let stop: StopSignal
  private var room: IOBuffers { IOBuffers(inputSize: Self.greed.utf8.count) }
  private static let greed = request("/nope")
  /// More than 256 KiB of requests, and of answers.
  private static let count = 2000

  init() throws { stop = try StopSignal() }

  @Test func `03 never sends one client's answers to the next client`() throws {
    defer { stop.request() }
    try expectOwnAnswers { listener in
      var loop = try _3_Epoll.EventLoop(listener, service, stop, EpollOptions())
      loop.buffers = room
      _ = try Background { try loop.run() }
    }
  }

  @Test func `04 never sends one client's answers to the next client`() throws {
    try expectOwnAnswers { listener in
      let loop = try EventLoopExecutor(stop)
      loop.buffers = room
      let worker = LoopActor(loop, service, ConnectionManager(), ActorOptions())
      let acceptLoop = try AcceptLoop(listener, [worker])
      worker.post { $0.acceptLoop = acceptLoop }
      Task(executorPreference: loop) { try await acceptLoop.run() }
      try spawnThread(named: "loop") { loop.run(worker) }
    }
  }

  @Test func `05 never sends one client's answers to the next client`() throws {
    try expectOwnAnswers { listener in
      let loop = try EventLoopExecutor(stop)
      loop.buffers = room
      var options = ShardOptions()
      options.loops = 1
      let acceptor = try Acceptor(listener, loop.poller)
      let shard = Shard(0, loop, service, ShardedRegistry(), options, acceptor)
      shard.post { $0.peers = [shard] }
      try spawnThread(named: "loop") { loop.run(shard) }
    }
  }

  /// Both clients send everything before the loop starts, so the loop finds them in the same
  /// iteration.
  private func expectOwnAnswers(_ start: (consuming Listener) throws -> Void) throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let port = listener.address.port
    let (greedy, other) = (try Client(port: port), try Client(port: port))
    try greedy.send(Self.greed * Self.count)
    try other.send(request("/"))
    for client in [greedy, other] { try client.waitUntilDelivered() }
    try start(listener)
    #expect(try other.readResponse().text == "Hello")
    for _ in 1...Self.count { try #require(try greedy.readResponse().status == 404) }
    #expect(!other.hasInput())
  }
}
