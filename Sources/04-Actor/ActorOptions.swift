import CommandLineOptions
import Common
import Glibc

/// The options of this chapter, in addition to those of every server.
struct ActorOptions {
  var server = ServerOptions()
  var loops = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  var outbox = 1024 * 1024

  static var commandLine: [CommandLineOption<ActorOptions>] {
    ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init("--loops", "N", "threads (one per core)", \.loops, OptionValue.number(in: 1...64)),
      .init(
        "--outbox", "SIZE", "unread data allowed per client (1MiB)", \.outbox, OptionValue.size),
    ]
  }
}
