import Glibc

/// A client between two events: what a blocked thread would have kept on its stack.
final class Connection {
  enum State {
    /// What has arrived of the request.
    case reading([UInt8])
    /// What the kernel has not taken of the response.
    case writing(ArraySlice<UInt8>)
  }

  let socket: Int32
  var state = State.reading([])

  init(_ socket: Int32) { self.socket = socket }

  deinit { close(socket) }
}
