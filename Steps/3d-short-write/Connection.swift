import Glibc

/// A client between two events. It keeps what a blocked thread would have kept on its stack.
final class Connection {
  enum State {
    /// The part of the request that has arrived.
    case reading([UInt8])
    /// The part of the response that the kernel has not taken.
    case writing(ArraySlice<UInt8>)
  }

  let socket: Int32
  var state = State.reading([])

  init(_ socket: Int32) { self.socket = socket }

  deinit { close(socket) }
}
