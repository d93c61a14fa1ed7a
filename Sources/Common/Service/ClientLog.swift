import Glibc

extension HelloService {
  /// Returns, in a few words, why a failed system call ended a client's connection; `nil` if the
  /// client hung up, because then it left by itself.
  public func reason(_ error: any Error) -> String? {
    switch (error as? SystemError)?.code {
    case ECONNRESET, EPIPE: nil
    case ETIMEDOUT: "it took nothing for \(options.sendTimeout)"
    default: "\(error)"
    }
  }

  /// Logs that a failed system call ended this client's connection; see ``reason(_:)``.
  public func log(_ client: borrowing Socket, _ error: any Error) { log(client, reason(error)) }

  /// Prints one line on standard error, if `--log` asks for it, about a client that is disconnected
  /// against its will.
  ///
  /// Call it before the socket is closed, from any thread. If standard error is a full pipe, the
  /// line is dropped: a log must not stop a server.
  /// - Parameter reason: what happened, in a few words of ours; never bytes that the client sent.
  ///   `nil` if the client left by itself: then nothing is printed.
  public func log(_ client: borrowing Socket, _ reason: @autoclosure () -> String?) {
    guard options.log, let reason = reason() else { return }
    log("\(client.peerAddress?.description ?? "a client that has gone"): \(reason)")
  }

  /// Prints one line on standard error, if `--log` asks for it and the line can be written at once.
  public func log(_ line: String) {
    var standardError = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard options.log, poll(&standardError, 1, 0) == 1 else { return }
    printError("\(name): \(line)")
  }
}
