import CLinux
import Glibc
import Tracing

/// A listening TCP socket, IPv4 or IPv6. It never blocks: to wait for clients, use poll(2) or
/// epoll(7).
public struct Listener: ~Copyable, Sendable {
  /// Readable when a client is in the backlog.
  public let descriptor: Descriptor
  /// Its address; if port 0 was asked for, with the port that the kernel chose.
  public let address: SocketAddress
  private let capacity: Int

  /// socket(2), bind(2), listen(2).
  /// - Parameters:
  ///   - backlog: connections the kernel completes and keeps until they are accepted (listen(2)).
  ///   - maxConnections: how many accepted sockets there may be at a time; clients that come then
  ///     stay in the backlog.
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
      // Without SO_REUSEADDR a restarted server waits a minute for its own old connections
      // (TIME_WAIT, tcp(7)).
      try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      // An accepted socket inherits TCP_NODELAY (tcp(7)): every answer leaves at once, instead of
      // waiting until the peer has acknowledged the one before (Nagle's algorithm).
      try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      try check("bind") { address.withMutablePointer { bind(descriptor.number, $0, $1.pointee) } }
      try check("listen") { listen(descriptor.number, backlog) }
      try check("getsockname") {
        address.withMutablePointer { getsockname(descriptor.number, $0, $1) }
      }
      // Not all that the process may open: event loops need some, and libraries more, without a
      // warning. libdispatch ends the process if it gets none.
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
  /// there.
  ///
  /// An error that concerns one client only (it hung up before we came, a firewall's rule forbids
  /// it) skips that client: the next one is taken.
  /// - Throws: an error whose ``SystemError/endsListener`` is true if the listener itself is gone.
  ///   After any other one (`EMFILE`: the process has no descriptor left, or
  ///   ``init(host:port:backlog:maxConnections:)`` allows no more clients), pause: the clients wait
  ///   in the backlog until others have gone.
  /// - Parameter nonBlocking: whether the client's socket is to be non-blocking. It does not
  ///   inherit that.
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
        // A rule that forbids every client would keep us here forever: then it is a reason to pause
        // like any other.
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
  /// Whether accept(2) reports an error of the one client that it has just taken out of the
  /// backlog: its connection failed already, or the rules of a firewall forbid it (`EPERM`).
  var concernsOneClient: Bool {
    switch code {
    case ECONNABORTED, EPERM: true
    // "Error handling": network errors that are pending on the new socket.
    case ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
      true
    // "Various Linux kernels can return other errors".
    case ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT, ETIMEDOUT: true
    default: false
    }
  }

  /// Whether accept(2) says that there is no listener any more, so that no client will ever come.
  /// Every other error is a reason to pause: descriptors or memory ran out, and it passes when
  /// others give theirs back.
  public var endsListener: Bool { [EBADF, EFAULT, EINVAL, ENOTSOCK].contains(code) }
}

/// Why a server cannot listen, in one line.
public struct ListenError: Error, CustomStringConvertible {
  /// The reason.
  public let description: String
}
