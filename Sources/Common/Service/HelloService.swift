import Synchronization
import WireProtocols

/// The longest waits for a peer, in nanoseconds.
struct Timeouts: Sendable {
  let header, body, idle, heartbeat: UInt64
  /// The wait for the end of the peer's stream, after our last byte was sent.
  let linger = Duration.seconds(2).nanoseconds

  init(_ options: ServerOptions) {
    (header, body) = (options.headerTimeout.nanoseconds, options.bodyTimeout.nanoseconds)
    (idle, heartbeat) = (options.idleTimeout.nanoseconds, options.heartbeat.nanoseconds)
  }
}

/// The Hello service: its pages, options and counters. All sessions of a server share it, on any
/// thread.
public final class HelloService: Sendable {
  /// The server's name, for example `01-Sequential`.
  public let name: String
  /// The options from the command line.
  public let options: ServerOptions
  /// Whether the driver carries out topic commands and ``Command/report``. Only chapter 5's does.
  let topics: Bool
  /// Whether `/` waits for the simulated backend.
  let isSlow: Bool
  let pages: Pages
  let timeouts: Timeouts
  private let started = Instant.now
  private let connections = Atomic(0)
  private let requests = Atomic(0)
  private let messages = Atomic(0)

  /// Creates the service, with no connection yet.
  /// - Parameters:
  ///   - name: the server's name, for `Server` fields, `/stats` and the log.
  ///   - topics: whether the driver carries out topic commands and ``Command/report``.
  public init(name: String, options: ServerOptions, topics: Bool = false) {
    self.name = name
    self.options = options
    pages = Pages(server: name)
    isSlow = options.delay > .zero
    timeouts = Timeouts(options)
    self.topics = topics
  }

  /// The number of connections whose session has not ended.
  public var openConnections: Int { connections.load(ordering: .relaxed) }

  func connectionOpened() { connections.add(1, ordering: .relaxed) }
  func connectionClosed() { connections.subtract(1, ordering: .relaxed) }
  func requestServed() { requests.wrappingAdd(1, ordering: .relaxed) }
  func messagesServed(_ count: Int) { messages.wrappingAdd(count, ordering: .relaxed) }

  /// Appends the response for a client that there is no room for (503).
  public func refuse(_ output: inout OutputBuffer) { pages.unavailable.append(to: &output, .close) }

  /// Returns the answer to `GET /stats`, as JSON.
  /// - Parameter report: further members of the object, each preceded by a comma.
  func stats(_ report: String) -> Response {
    let uptime = (Instant.now - started).nanoseconds / 1_000_000
    let text = """
      {"server": "\(name)", \
      "connectionsOpen": \(openConnections), \
      "requestsServed": \(requests.load(ordering: .relaxed)), \
      "messagesServed": \(messages.load(ordering: .relaxed)), \
      "uptimeSeconds": \(uptime / 1000).\(uptime % 1000 / 100)\(report)}

      """
    return Response(
      .ok, server: name, type: "application/json", body: Array(text.utf8))
  }
}
