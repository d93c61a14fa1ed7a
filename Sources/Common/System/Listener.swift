import CLinux
import Glibc
import Tracing

/// A listening TCP socket, IPv4 or IPv6. It never blocks: to wait for clients, use poll(2) or
/// epoll(7).
public struct Listener: ~Copyable, Sendable {
  /// The listener's descriptor, which is readable when a client is in the backlog.
  public let descriptor: Descriptor
  /// The address it listens on. If port 0 was asked for, it has the port that the kernel chose.
  public let address: SocketAddress
  private let capacity: Int

  /// Starts listening: socket(2), bind(2), listen(2).
  /// - Parameters:
  ///   - backlog: how many connections the kernel completes and keeps until they are accepted
  ///     (listen(2)).
  ///   - maxConnections: how many accepted sockets there may be at a time; further clients stay in
  ///     the backlog.
  /// - Throws: ``ListenError``, in one line: the name has no address, the address is taken or not
  ///   ours, or the process has no descriptors left for clients.
  public init(
    host: String, port: UInt16, backlog: Int32 = 4096, maxConnections: Int = .max
  ) throws(ListenError) {
    do {
      var address = try SocketAddress(host: host, port: port)
      let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
      let descriptor = Descriptor(
        owning: try check("socket") { socket(address.family, type, 0) })
      // Without SO_REUSEADDR a restarted server could not bind its port for a minute, because of
      // its own old connections (TIME_WAIT, tcp(7)).
      try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      // Accepted sockets inherit TCP_NODELAY (tcp(7)). Without it, an answer could wait until the
      // peer has acknowledged the one before (Nagle's algorithm).
      try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      try check("bind") { address.withMutablePointer { bind(descriptor.number, $0, $1.pointee) } }
      try check("listen") { listen(descriptor.number, backlog) }
      try check("getsockname") {
        address.withMutablePointer { getsockname(descriptor.number, $0, $1) }
      }
      // Clients may not take all descriptors of the process: event loops need some, and so do
      // libraries. libdispatch ends the process if it cannot get one.
      let reserve = 16 + 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN))
      let most = Descriptor.limit - Int(descriptor.number) - reserve
      guard most > 0 else {
        let limit = "only \(Descriptor.limit) descriptors may be open (ulimit -n)"
        throw ListenError(description: "\(limit), which leaves none for clients")
      }
      capacity = min(maxConnections, most)
      self.descriptor = descriptor
      self.address = address
    } catch let error as LookupError {
      throw ListenError(description: error.description)
    } catch let error as ListenError {
      throw error
    } catch {
      throw ListenError(description: "cannot listen on \(host) port \(port): \(error)")
    }
  }

  /// Takes the next completed connection out of the backlog (accept4(2)); `nil` if no client is
  /// waiting.
  ///
  /// An error that concerns only one client (it hung up before it was accepted, or a firewall rule
  /// forbids it) skips that client: the next one is taken.
  /// - Throws: an error whose ``SystemError/endsListener`` is true if the listener itself is gone.
  ///   After any other error (`EMFILE`: the process has no descriptor left, or
  ///   ``init(host:port:backlog:maxConnections:)`` allows no more clients), pause: the clients wait
  ///   in the backlog until others have left.
  /// - Parameter nonBlocking: whether the client's socket should be non-blocking, which it does not
  ///   inherit from the listener.
  public func accept(nonBlocking: Bool = false) throws(SystemError) -> Socket? {
    guard Socket.count.load(ordering: .relaxed) < capacity else {
      throw SystemError(call: "accept4", code: EMFILE)
    }
    var skipped = 0
    while true {
      do {
        let number = try attempt("accept4", .accept, descriptor.number) {
          Trace.welcome(accept4(descriptor.number, nil, nil, Self.flags(nonBlocking)))
        }
        guard let number else { return nil }
        return Socket(Descriptor(owning: number))
      } catch  where error.concernsOneClient && skipped < Self.maxSkipped {
        // If a firewall rule forbids every client, this loop would never end. After 64 of them it
        // throws, and the caller pauses as for any other error.
        skipped += 1
      }
    }
  }

  private static let maxSkipped = 64

  private static func flags(_ nonBlocking: Bool) -> Int32 {
    Int32(SOCK_CLOEXEC.rawValue) | (nonBlocking ? Int32(SOCK_NONBLOCK.rawValue) : 0)
  }
}

extension SystemError {
  /// Whether this error concerns only the client that accept(2) has just taken out of the backlog:
  /// its connection has failed already, or a firewall rule forbids it (`EPERM`).
  var concernsOneClient: Bool {
    switch code {
    case ECONNABORTED, EPERM: true
    // accept(2), "Error handling": network errors that are pending on the new socket.
    case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
      true
    // accept(2): "Various Linux kernels can return other errors".
    case ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT, ETIMEDOUT: true
    default: false
    }
  }

  /// Whether this error means that the listener is gone, so that no client will ever come. Every
  /// other error is a reason to pause: descriptors or memory ran out, and there will be some again
  /// when clients leave.
  public var endsListener: Bool { [EBADF, EFAULT, EINVAL, ENOTSOCK].contains(code) }
}

/// The reason why a server cannot listen, in one line.
public struct ListenError: Error, CustomStringConvertible {
  /// The reason.
  public let description: String
}
