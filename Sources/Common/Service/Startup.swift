import Glibc
import Tracing
import WireProtocols

/// Listens as the options say, or ends the process with one line on standard error and status 1.
public func listenOrExit(
  _ name: String, _ options: ServerOptions
) -> Listener {
  do {
    if let path = options.trace { try TraceFile.start(path, program: name) }
    let listener = try Listener(
      host: options.host, port: options.port, maxConnections: options.maxConnections)
    if options.sendBuffer > 0 {  // Accepted sockets inherit it.
      try listener.descriptor.setOption(SOL_SOCKET, SO_SNDBUF, Int32(options.sendBuffer))
    }
    return listener
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
