import CommandLineOptions
import WireProtocols

/// The options of every server.
public struct ServerOptions: Sendable {
  /// The address to listen on, or a name for it.
  public var host = "127.0.0.1"
  /// The port to listen on; 0 lets the kernel choose.
  public var port: UInt16 = 7878
  /// How long the simulated slow backend takes for `GET /`.
  public var delay = Duration.zero
  /// The longest time from the first byte of a request to the end of its header section.
  public var headerTimeout = Duration.seconds(10)
  /// The longest time from the end of a request's header section to the end of its body.
  public var bodyTimeout = Duration.seconds(60)
  /// How long a connection may be silent between requests.
  public var idleTimeout = Duration.seconds(5)
  /// How long a WebSocket may be silent before it gets a ping, and then before it is closed.
  public var heartbeat = Duration.seconds(30)
  /// How long a client may go without taking any of the bytes that wait for it.
  public var sendTimeout = Duration.seconds(10)
  /// How many bytes the kernel keeps for a client that does not read (socket(7) `SO_SNDBUF`, which
  /// the kernel doubles). Zero leaves it to the kernel, which keeps up to 4 MB (tcp(7) `tcp_wmem`).
  public var sendBuffer = 0
  /// The longest time from SIGTERM to the end of the process.
  public var grace = Duration.seconds(5)
  /// How many clients the server accepts at a time. Further clients wait in the kernel's backlog.
  public var maxConnections = 20_000
  /// The origins whose pages may open a WebSocket, in addition to our own: for example
  /// `https://example.com`, or `*` for all.
  public var origins: [String] = []
  /// The longest WebSocket message, in bytes.
  public var maxMessage = 1024 * 1024
  /// Whether to print a line for each client that is disconnected against its will.
  public var log = false
  /// The file for a record of what each thread does, for `bench plot` or Perfetto.
  public var trace: String?

  public init() {}

  /// The options of every server, for `--help` and for the parser.
  public static var commandLine: [CommandLineOption<ServerOptions>] {
    [
      .init("--host", "HOST", "address to listen on (127.0.0.1)", \.host, OptionValue.text),
      .init("--port", "N", "TCP port, 0 for any free one (7878)", \.port, OptionValue.port),
      .init("--delay", "TIME", "how long / waits for its slow backend (0ms)", \.delay, time),
      .init("--header-timeout", "TIME", "for a request's header (10s)", \.headerTimeout, time),
      .init("--body-timeout", "TIME", "for a request's body (60s)", \.bodyTimeout, time),
      .init("--idle-timeout", "TIME", "of silence between requests (5s)", \.idleTimeout, time),
      .init(
        "--heartbeat", "TIME", "of silence before a WebSocket is pinged (30s)", \.heartbeat, time),
      .init("--send-timeout", "TIME", "for a client to take bytes (10s)", \.sendTimeout, time),
      .init(
        "--send-buffer", "SIZE", "the kernel's, per client (as it likes)", \.sendBuffer,
        OptionValue.size),
      .init("--grace", "TIME", "from SIGTERM to the end, at most (5s)", \.grace, time),
      .init(
        "--max-connections", "N", "clients at a time; others wait (20000)", \.maxConnections,
        OptionValue.number(in: 1...1_000_000)),
      .init(
        "--origins", "LIST", "whose pages may open a WebSocket, * for all (our own)", \.origins,
        OptionValue.list),
      .init(
        "--max-message", "SIZE", "longest WebSocket message (1MiB)", \.maxMessage,
        OptionValue.size),
      .init(
        "--log", "print a line for each client that is cut off, with the reason", \.log, true),
      .init(
        "--trace", "FILE", "record what each thread does, for Perfetto", \.trace,
        OptionValue.text),
    ]
  }

  private static let time = OptionValue.duration
}
