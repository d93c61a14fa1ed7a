import CLinux
import Common
import Glibc

/// How a connection comes about.
extension ClosedLoop {
  /// Opens a connection for the request that has started. On loopback it is often there at once, and the
  /// request with it. False: it failed, and is counted.
  mutating func connect(_ index: Int) -> Bool {
    while true {
      do {
        if try open(index) { return transmitFirst(index) }
        table[index].pointee.phase = .connecting
        return true
      } catch {
        guard tryNextAddress(index) else {
          failToConnect(index, error)
          return false
        }
      }
    }
  }

  /// socket(2), connect(2), epoll_ctl(2). True: connected already; false: under way.
  private mutating func open(_ index: Int) throws(SystemError) -> Bool {
    let connection = table[index]
    connection.pointee.prepareExchange()
    connection.pointee.addressIndex = currentAddress
    var address = plan.addresses[currentAddress]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = try check("socket") { socket(address.family, type, 0) }
    connection.pointee.socket = Socket(Descriptor(owning: number))
    // A request leaves at once, whatever is not yet acknowledged (tcp(7)).
    try connection.pointee.socket?.descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    let isConnected = try startConnecting(number, to: &address)
    let token = Token(index: UInt32(index), generation: connection.pointee.generation)
    let interest: Interest = isConnected ? .readable : [.readable, .writable]
    try poller.register(number, token: token, interest: interest)
    return isConnected
  }

  /// connect(2). Interrupted or not, it goes on by itself: `EINTR` means the same as `EINPROGRESS`.
  private func startConnecting(
    _ number: Int32, to address: inout SocketAddress
  ) throws(SystemError) -> Bool {
    let status = address.withMutablePointer { Glibc.connect(number, $0, $1.pointee) }
    if status == 0 { return true }
    guard errno == EINPROGRESS || errno == EINTR else { throw SystemError(call: "connect") }
    return false
  }

  private mutating func transmitFirst(_ index: Int) -> Bool {
    hasConnected = true
    now = Instant.now.nanoseconds
    table[index].pointee.connected = now
    return transmit(index)
  }

  /// The socket has become writable: connected, or not (connect(2), `EINPROGRESS`).
  mutating func finishConnecting(_ index: Int, _ event: Event) {
    let code = pendingError(index)
    let isUnderWay: Bool
    if code == 0 {
      isUnderWay = transmitFirst(index)
    } else if tryNextAddress(index) {
      isUnderWay = connect(index)
    } else {
      failToConnect(index, SystemError(call: "connect", code: code))
      isUnderWay = false
    }
    if !isUnderWay {
      startNext(index)
    } else if event.isReadable && table[index].pointee.generation == event.token.generation {
      // A server that speaks first is reported with the connection, and not again.
      receive(index, event)
    }
  }

  private func pendingError(_ index: Int) -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    if let number = table[index].pointee.socket?.descriptor.number {
      getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
    }
    return code
  }

  /// As long as nothing has answered, the server may be at another address of its name.
  private mutating func tryNextAddress(_ index: Int) -> Bool {
    let next = table[index].pointee.addressIndex + 1
    table[index].pointee.close()
    guard !hasConnected, next < plan.addresses.count else { return false }
    currentAddress = max(currentAddress, next)
    return true
  }

  /// A server that was never there ends the run in any case.
  private mutating func failToConnect(_ index: Int, _ error: SystemError) {
    fail(index, .unconnected, error)
    if !hasConnected {
      self.error = error
      isEnding = true
    }
  }
}
