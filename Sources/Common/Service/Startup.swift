import Glibc
import Tracing

/// Runs `body`, which is all that a server does from its command line on, or ends the process with
/// one line on standard error and status 1 if `body` throws.
///
/// From here on a peer that has gone, or a closed standard output, is an error of write(2)
/// (`EPIPE`) and not `SIGPIPE`, which would end the process without a word.
/// - Returns: what `body` returns.
public func startOrExit<Result: ~Copyable>(_ name: String, _ body: () throws -> Result) -> Result {
  signal(SIGPIPE, SIG_IGN)
  openStandardStreams()
  do { return try body() } catch { exitWithError("\(name): \(error)", status: 1) }
}

/// Opens what the parent has closed of descriptors 0 to 2. The next socket would get the number,
/// and a line for standard error would go to a client.
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
  /// Prints the one line on standard output that says a server is ready. Call it when the first
  /// client could be served.
  public func announce(_ name: String) {
    Common.announce("\(name) listening on http://\(address)")
  }
}
