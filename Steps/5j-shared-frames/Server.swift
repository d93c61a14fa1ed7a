import Glibc

// A server with a shard per core, each on its own thread and with its own clients.
@main
struct Server {
  static let delay = option("--delay").flatMap { Duration($0) } ?? .zero
  static let timeout = option("--timeout").flatMap { Duration($0) } ?? .seconds(10)
  static let limit = option("--clients").flatMap { Int($0) } ?? 1000
  static let loops = max(1, option("--loops").flatMap { Int($0) } ?? cores)
  static let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))

  /// What happens to a client that does not read.
  enum Slow: String {
    case dropClient = "drop-client"
    case dropOldest = "drop-oldest"
  }

  static let slow = option("--slow").flatMap { Slow(rawValue: $0) } ?? .dropClient

  static func main() {
    let port = option("--port").flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    let shards = (0..<loops).map { Shard($0) }
    for shard in shards { shard.post { $0.peers = shards } }
    for shard in shards.dropFirst() { startThread { run(shard) } }
    shards[0].post { $0.accept(from: listener) }
    print("listening on http://127.0.0.1:\(port)")
    run(shards[0])
  }

  /// Enters the actor, once and for all.
  static func run(_ shard: Shard) -> Never {
    shard.inbox.moveIn()
    shard.assumeIsolated { $0.run() }
  }
}
