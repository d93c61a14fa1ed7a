import CommandLineOptions
import Common

/// What this chapter can be told besides.
struct PoolOptions {
  /// A client for whom the queue has no room waits in the kernel's backlog, or is told so at once: 503.
  enum WhenFull: String, CaseIterable { case wait, refuse }

  /// Threads around a queue of our own, as many as libdispatch sees fit, or one for each client.
  enum Kind: String, CaseIterable {
    case handmade, dispatch
    case perConnection = "per-connection"
  }

  var server = ServerOptions()
  var (workers, queue) = (10, 1024)
  var whenFull = WhenFull.wait
  var pool = Kind.handmade

  static var commandLine: [CommandLineOption<PoolOptions>] {
    let count = OptionValue.number(in: 1...10_000)
    return ServerOptions.commandLine.map { $0.within(\.server) } + [
      .init("--workers", "N", "threads that serve clients (10)", \.workers, count),
      .init("--queue", "N", "clients that may wait for one (1024)", \.queue, count),
      .init(
        "--when-full", "wait|refuse", "what a client does (wait)", \.whenFull, OptionValue.choice),
      .init("--pool", "handmade|dispatch|per-connection", "(handmade)", \.pool, OptionValue.choice),
    ]
  }
}
