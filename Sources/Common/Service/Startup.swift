/// Listens as the options say, or ends the process with one line on standard error and status 1.
public func listenOrExit(
  _ name: String, _ options: ServerOptions
) -> Listener {
  do {
    return try Listener(
      host: options.host, port: options.port, maxConnections: options.maxConnections)
  } catch {
    exitWithError("\(name): \(error)", status: 1)
  }
}

extension Listener {
  /// The one line on standard output that tells a server is ready.
  public func announce(_ name: String) {
    Common.announce("\(name) listening on http://\(address)")
  }
}
