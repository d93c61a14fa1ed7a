import Synchronization

/// The Hello service: what is answered to whom. All sessions of a server share it, on any thread.
public final class HelloService: Sendable {
  /// The server's name, for example `01-Sequential`.
  public let name: String
  public let options: ServerOptions
  /// Whether the driver runs errands (``Errand``): topics, and a report for `/stats`. Chapter 5 does.
  let runsErrands: Bool
  let pages = Pages()
  private let started = Instant.now
  private let connections = Atomic(0)
  private let requests = Atomic(0)
  private let messages = Atomic(0)

  public init(name: String, options: ServerOptions, runsErrands: Bool = false) {
    self.name = name
    self.options = options
    self.runsErrands = runsErrands
  }

  func connectionOpened() { connections.add(1, ordering: .relaxed) }
  func connectionClosed() { connections.subtract(1, ordering: .relaxed) }
  func requestServed() { requests.add(1, ordering: .relaxed) }
  func messageServed() { messages.add(1, ordering: .relaxed) }

  /// The answer to `GET /stats`, as JSON.
  /// - Parameter report: more members of the object, each behind a comma.
  func stats(_ report: String = "") -> Response {
    let uptime = (Instant.now - started).nanoseconds / 1_000_000
    let text = """
      {"server": "\(name)", \
      "connectionsOpen": \(connections.load(ordering: .relaxed)), \
      "requestsServed": \(requests.load(ordering: .relaxed)), \
      "messagesServed": \(messages.load(ordering: .relaxed)), \
      "uptimeSeconds": \(uptime / 1000).\(uptime % 1000 / 100)\(report)}

      """
    return Response(.ok, type: "application/json", body: Array(text.utf8))
  }
}
