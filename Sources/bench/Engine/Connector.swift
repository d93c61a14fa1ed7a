import CLinux
import Common
import Glibc

/// Opens connections to a server: to the first of its addresses that answers, and from a second
/// local address if the first one runs out of ports.
struct Connector {
  private let addresses: [SocketAddress]
  /// Which of the server's addresses is in use.
  private(set) var current = 0
  /// Whether there was ever a connection. After that the address no longer changes.
  var hasConnected = false
  /// The address to bind before connect(2); `nil` leaves the choice to the kernel.
  private var source: SocketAddress?
  private var sources = 1

  /// - Parameter addresses: possible addresses of the server, in the order of getaddrinfo(3).
  init(to addresses: [SocketAddress]) { self.addresses = addresses }

  /// Starts connecting (socket(2), connect(2)). `isConnected`: the connection is already
  /// established, as often on loopback.
  mutating func open() throws(SystemError) -> Opened {
    while true {
      var address = addresses[current]
      let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
      let number = try check("socket") { socket(address.family, type, 0) }
      let descriptor = Descriptor(owning: number)
      // Data is sent at once, even if earlier data is not yet acknowledged (tcp(7)).
      try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
      try bindSource(descriptor)
      let status = address.withMutablePointer { connect(number, $0, $1.pointee) }
      // Interrupted or not, connecting continues by itself: `EINTR` means the same as
      // `EINPROGRESS`.
      if status == 0 || errno == EINPROGRESS || errno == EINTR {
        return Opened(socket: Socket(descriptor), isConnected: status == 0)
      }
      let error = SystemError(call: "connect")
      guard error.code == EADDRNOTAVAIL, nextSource() else { throw error }
    }
  }

  /// Handles a failed connection to address `index`: as long as nothing has answered, the server
  /// may be at another address of its name. Returns false if none is left.
  mutating func moveOn(from index: Int) -> Bool {
    guard !hasConnected, index + 1 < addresses.count else { return false }
    current = max(current, index + 1)
    return true
  }

  /// connect(2) chooses a port for the pair of addresses, whereas bind(2) would choose one for the
  /// local address alone (ip(7), `IP_BIND_ADDRESS_NO_PORT`).
  private mutating func bindSource(_ descriptor: borrowing Descriptor) throws(SystemError) {
    guard source != nil else { return }
    try descriptor.setOption(Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
    let number = descriptor.number
    try check("bind") { source?.withMutablePointer { bind(number, $0, $1.pointee) } ?? 0 }
  }

  /// All of 127.0.0.0/8 is this machine, and each of its addresses has its own ports.
  private mutating func nextSource() -> Bool {
    guard addresses[current].description.hasPrefix("127."), sources < 254 else { return false }
    sources += 1
    source = try? SocketAddress(host: "127.0.0.\(sources)", port: 0)
    return source != nil
  }

  /// A connection that is being established.
  struct Opened: ~Copyable {
    let socket: Socket
    let isConnected: Bool

    consuming func takeSocket() -> Socket { socket }
  }
}

extension Socket {
  /// Why connecting failed: the socket's pending error, 0 if it did not fail (connect(2),
  /// `EINPROGRESS`).
  var pendingError: Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
    return code
  }
}
