import Common

/// What this chapter can be told besides.
struct PoolOptions {
  var server = ServerOptions()
  var workers = 10
  var queue = 1024
  var whenFull = WhenFull.wait
  var pool = PoolKind.handmade

  static var commandLine: [CommandLineOption<PoolOptions>] {
    let count = OptionValue.number(in: 1...10_000)
    return ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init("--workers", "N", "threads that serve clients (10)", \.workers, count),
      .init("--queue", "N", "clients that may wait for one (1024)", \.queue, count),
      .init("--when-full", "POLICY", "wait or refuse (wait)", \.whenFull, OptionValue.choice),
      .init(
        "--pool", "KIND", "handmade, dispatch or per-connection (handmade)", \.pool,
        OptionValue.choice),
    ]
  }
}

/// What happens to a client for whom the queue has no room.
enum WhenFull: String, CaseIterable {
  /// It waits in the kernel's backlog: nobody is accepted until there is room.
  case wait
  /// It is told so at once: 503.
  case refuse
}

/// Where the threads come from.
enum PoolKind: String, CaseIterable {
  /// `--workers` threads around a queue of our own.
  case handmade
  /// libdispatch starts as many as it sees fit.
  case dispatch
  /// One for each client, as long as it stays.
  case perConnection = "per-connection"
}
