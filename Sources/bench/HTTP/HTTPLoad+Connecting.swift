import Common

/// How a connection comes about.
extension HTTPLoad {
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

  /// True: connected already; false: under way.
  private mutating func open(_ index: Int) throws(SystemError) -> Bool {
    let client = table[index]
    client.pointee.prepareExchange()
    client.pointee.addressIndex = connector.current
    let opened = try connector.open()
    let token = Token(index: UInt32(index), generation: client.pointee.generation)
    try loop.watch(opened.socket, isConnected: opened.isConnected, token)
    let isConnected = opened.isConnected
    client.pointee.socket = opened.takeSocket()
    return isConnected
  }

  private mutating func transmitFirst(_ index: Int) -> Bool {
    connector.hasConnected = true
    loop.lookAtClock()
    table[index].pointee.connected = loop.now
    return transmit(index)
  }

  /// The socket has become writable: connected, or not (connect(2), `EINPROGRESS`).
  mutating func finishConnecting(_ index: Int, _ event: Event) {
    let code = table[index].pointee.socket?.pendingError ?? 0
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

  private mutating func tryNextAddress(_ index: Int) -> Bool {
    table[index].pointee.close()
    return connector.moveOn(from: table[index].pointee.addressIndex)
  }

  /// A server that was never there ends the run in any case.
  private mutating func failToConnect(_ index: Int, _ error: SystemError) {
    fail(index, .unconnected, error)
    if !connector.hasConnected {
      loop.error = error
      loop.isEnding = true
    }
  }
}
