import Glibc
import Tracing

/// Runs `body`, which is the whole server, from its command line on. If it throws, prints one line
/// on standard error and ends the process with status 1.
///
/// First it makes the process ignore SIGPIPE: writing to a peer that is gone, or to a closed
/// standard output, then fails with `EPIPE` instead of ending the process without a word.
/// - Returns: what `body` returns.
public func startOrExit<Result: ~Copyable>(_ name: String, _ body: () throws -> Result) -> Result {
  signal(SIGPIPE, SIG_IGN)
  openStandardStreams()
  do { return try body() } catch { exitWithError("\(name): \(error)", status: 1) }
}

/// Opens /dev/null for those of the descriptors 0 to 2 that the parent has closed. Otherwise the
/// next socket would get that number, and a line for standard error would go to a client.
private func openStandardStreams() {
  while case let number = open("/dev/null", O_RDWR), number >= 0 {
    if number > STDERR_FILENO {
      close(number)
      return
    }
  }
}

/// Opens the trace and the listener that the options ask for.
/// - Throws: `TraceError` if the trace's file cannot be written, ``ListenError`` if the address
///   cannot be used (it is taken, or this machine does not have it), ``SystemError`` if the kernel
///   refuses an option. Each describes itself in one line; the server cannot start.
public func openListener(_ name: String, _ options: ServerOptions) throws -> Listener {
  if let path = options.trace { try TraceFile.start(path, program: name) }
  let listener = try Listener(
    host: options.host, port: options.port, maxConnections: options.maxConnections)
  if options.sendBuffer > 0 {  // Accepted sockets inherit it.
    try listener.descriptor.setOption(SOL_SOCKET, SO_SNDBUF, Int32(options.sendBuffer))
  }
  try listener.setSendTimeout(options.sendTimeout)
  return listener
}

extension Listener {
  /// Prints the line on standard output that says that a server is ready. Call it only when a
  /// client could be served.
  public func announce(_ name: String) {
    Common.announce("\(name) listening on http://\(address)")
  }
}
