import CommandLineOptions
import Common

// snippet: options
/// The options of this chapter, in addition to those of every server.
struct PoolOptions {
  /// The policy for a client that finds the queue full: it waits in the kernel's backlog, or gets a
  /// 503 at once.
  enum WhenFull: String, CaseIterable { case wait, refuse }
  /// The kind of pool: a fixed set of workers around a queue, or a new thread for each client.
  enum Kind: String, CaseIterable {
    case handmade
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
      .init("--queue", "N", "clients that may wait for a worker (1024)", \.queue, count),
      .init(
        "--when-full", "wait|refuse", "the next client (wait)", \.whenFull, OptionValue.choice),
      .init("--pool", "handmade|per-connection", "threads (handmade)", \.pool, OptionValue.choice),
    ]
  }
}
// snippet: end
