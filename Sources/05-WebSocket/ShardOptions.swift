import CommandLineOptions
import Common
import Glibc

/// What this chapter can be told besides.
struct ShardOptions: Sendable {
  /// Who knows the clients of `/ws`.
  enum RegistryName: String, CaseIterable { case sharded, actor, mutex }

  /// What becomes of a client that lets its outbox run over.
  enum Slow: String, CaseIterable {
    case dropClient = "drop-client"
    /// It stays, and misses something: frames from others, the oldest first; never an answer, never part of a frame.
    case dropOldest = "drop-oldest"
  }

  var server = ServerOptions()
  var registry = RegistryName.sharded
  var loops = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// How many bytes of frames from others a client may leave lying, counted as if it alone kept them.
  var outbox = 1024 * 1024
  var slow = Slow.dropClient

  static var commandLine: [CommandLineOption<ShardOptions>] {
    ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init(
        "--registry", "sharded|actor|mutex", "who knows the clients (sharded)", \.registry,
        OptionValue.choice),
      .init("--loops", "N", "threads (one per core)", \.loops, OptionValue.number(in: 1...64)),
      .init("--outbox", "SIZE", "a client may leave lying (1MiB)", \.outbox, OptionValue.size),
      .init(
        "--slow", "drop-client|drop-oldest", "when that is too little (drop-client)", \.slow,
        OptionValue.choice),
    ]
  }
}
