import BenchSupport
import Common

/// Establishing connections.
extension HTTPLoad {
  /// Opens a connection for the request that has started. On loopback it is often established at
  /// once, and the request is sent. Returns false if it failed; the failure is counted.
  mutating func connect(_ index: Int) -> Bool {
    let client = table[index]
    while true {
      do {
        client.pointee.prepareExchange()
        if try client.pointee.link.open(index, &connector, loop) { return transmitFirst(index) }
        client.pointee.phase = .connecting
        return true
      } catch {
        guard client.pointee.link.moveOn(&connector) else {
          failToConnect(index, error)
          return false
        }
      }
    }
  }

  private mutating func transmitFirst(_ index: Int) -> Bool {
    connector.hasConnected = true
    loop.lookAtClock()
    table[index].pointee.connected = loop.now
    return transmit(index)
  }

  /// Handles a writable socket: it is connected, or failed (connect(2), `EINPROGRESS`).
  mutating func finishConnecting(_ index: Int, _ event: Event) {
    let client = table[index]
    let code = client.pointee.link.socket?.pendingError ?? 0
    let isUnderWay: Bool
    if code == 0 {
      isUnderWay = transmitFirst(index)
    } else if client.pointee.link.moveOn(&connector) {
      isUnderWay = connect(index)
    } else {
      failToConnect(index, SystemError(call: "connect", code: code))
      isUnderWay = false
    }
    if !isUnderWay {
      startNext(index)
    } else if event.isReadable && client.pointee.link.owns(event) {
      // If the server sends first, its bytes are reported together with the connection, and not
      // again.
      receive(index, event)
    }
  }

  /// If the server was never reachable, the run ends in any case.
  private mutating func failToConnect(_ index: Int, _ error: SystemError) {
    fail(index, .unconnected, error)
    if !connector.hasConnected {
      loop.error = error
      loop.isEnding = true
    }
  }
}
