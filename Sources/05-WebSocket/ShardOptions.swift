import CommandLineOptions
import Common
import Glibc

/// The options of this chapter, in addition to those of every server.
struct ShardOptions: Sendable {
  /// The registry of the clients of `/ws`.
  enum RegistryName: String, CaseIterable { case sharded, actor, mutex }

  /// The policy for a client that has more than `outbox` bytes waiting.
  enum Slow: String, CaseIterable {
    case dropClient = "drop-client"
    /// The client loses whole frames from others, the oldest first, and never an answer.
    case dropOldest = "drop-oldest"
  }

  var server = ServerOptions()
  var registry = RegistryName.sharded
  var loops = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// The most bytes of frames from others that may wait for a client. It counts shared ones in full.
  var outbox = 1024 * 1024
  var slow = Slow.dropClient
  /// The Redis that connects this process to others.
  var backplane: RedisURL?
  /// The first id that this process assigns; see ``Backplane/idsPerNode``.
  var firstID: ClientID = 1

  static var commandLine: [CommandLineOption<ShardOptions>] {
    ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init(
        "--registry", "sharded|actor|mutex", "of the clients of /ws (sharded)", \.registry,
        OptionValue.choice),
      .init("--loops", "N", "threads (one per core)", \.loops, OptionValue.number(in: 1...64)),
      .init(
        "--outbox", "SIZE", "unread data allowed per client (1MiB)", \.outbox, OptionValue.size),
      .init(
        "--slow", "drop-client|drop-oldest", "when that is exceeded (drop-client)", \.slow,
        OptionValue.choice),
      .init(
        "--backplane", "redis://HOST[:PORT]", "joins several servers to one service (none)",
        \.backplane
      ) { (text) throws(UsageError) in try RedisURL(text) },
    ]
  }
}
