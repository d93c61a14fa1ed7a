import Common
import Dispatch
import Testing

@testable import _5_WebSocket

/// Chapter 5's actor registry, run in this process while all of Swift's own threads are busy.
@Suite(.timeLimit(.minutes(5))) struct ActorRegistryTests {
  @Test func `a client that leaves is forgotten, even while Swift's own threads are busy`() throws {
    let stop = try StopSignal()
    let loop = try EventLoopExecutor(stop)
    let registry = ActorRegistry(on: loop)
    var options = ShardOptions()
    options.loops = 1
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let port = listener.address.port
    let acceptor = try Acceptor(listener, loop.poller)
    let service = HelloService(name: "test", options: options.server, topics: true)
    let shard = Shard(0, loop, service, registry, options, acceptor)
    shard.post { $0.peers = [shard] }
    try spawnThread(named: "loop") { loop.run(shard) }

    let isEnough = DispatchSemaphore(value: 0)
    func occupyThread() { isEnough.wait() }
    for _ in 1...64 { Task.detached { occupyThread() } }
    defer { for _ in 1...64 { isEnough.signal() } }
    let client = try WebSocketClient(Client(port: port))
    try client.handshake("/ws")
    try client.send("subscribe news")
    #expect(try client.readText() == "Subscribed to news")
    #expect(registry.count(on: loop) == 1)
    client.client.close()
    try eventually("the registry has forgotten the client") { registry.count(on: loop) == 0 }
  }
}

extension ActorRegistry {
  /// The number of clients that the registry knows, asked on the loop's thread: a task of ours
  /// would have to wait for one of Swift's own threads.
  fileprivate nonisolated func count(on loop: EventLoopExecutor) -> Int {
    let answer = Answer()
    loop.execute {
      answer.count = self.assumeIsolated { registry in
        var count = 0
        _ = registry.index.forEach(in: .everyone) { _ in count += 1 }
        return count
      }
      answer.isThere.signal()
    }
    answer.isThere.wait()
    return answer.count
  }
}

private final class Answer: @unchecked Sendable {
  // Unchecked: the semaphore says when the count may be read.
  let isThere = DispatchSemaphore(value: 0)
  var count = 0
}
