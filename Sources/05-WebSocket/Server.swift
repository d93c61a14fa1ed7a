// Chapter 5: tens of thousands of WebSockets.
//
// Chapter 4's task per client reads well but costs a few kilobytes, and its one manager is a queue
// for all clients. Here a client is an object of a few hundred bytes, owned by a shard: an actor
// that *lives on* its own event loop, because the loop is its executor. Within a shard, chapter 3's
// state machine runs, without a lock and without an `await`. Shards send each other messages: a
// broadcast takes one per shard, however many clients there are.
//
// Which of them knows all clients? `--registry` offers three answers to compare: none of them (each
// shard knows its own), one actor, or one dictionary behind a mutex.

import Common

@main
struct WebSockets {
  static let name = "05-WebSocket"

  static func main() {
    startOrExit(name) {
      var options = ShardOptions()
      ShardOptions.commandLine.parseOrExit(
        program: name, summary: "Chapter 5: sharded actors, one per event loop.", into: &options)
      let stop = try StopSignal.onSignals(grace: options.server.grace)
      let service = HelloService(name: name, options: options.server, topics: true)
      let backplane = try options.joinBackplane(service, stop)
      let listener = try openListener(name, options.server)
      let shards = try makeShards(listener, service, options, stop, backplane)
      for shard in shards.dropFirst() {
        try spawnThread(named: "shard \(shard.index)", stackSize: 1 << 20) { shard.loop.run(shard) }
      }
      shards[0].post { $0.acceptor?.announce(name) }
      shards[0].loop.run(shards[0])
    }
  }

  private static func makeShards(
    _ listener: consuming Listener, _ service: HelloService, _ options: ShardOptions,
    _ stop: StopSignal, _ backplane: Backplane?
  ) throws -> [Shard] {
    let loops = try (0..<options.loops).map { _ in try EventLoopExecutor(stop) }
    let registry: any Registry =
      switch options.registry {
      case .sharded: backplane.map { BackplaneRegistry($0) } ?? ShardedRegistry()
      case .actor: ActorRegistry(on: loops[0])
      case .mutex: MutexRegistry()
      }
    let acceptor = try Acceptor(listener, loops[0].poller)
    let others = loops.enumerated().dropFirst().map { Shard($0, $1, service, registry, options) }
    let shards = [Shard(0, loops[0], service, registry, options, acceptor)] + others
    for shard in shards { shard.post { $0.peers = shards } }
    backplane?.post { $0.shards = shards }
    return shards
  }
}
