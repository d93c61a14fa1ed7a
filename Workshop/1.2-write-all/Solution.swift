import Glibc
import Kit

/// Writes all bytes, however little the socket takes at a time. False where it cannot: the peer has gone.
func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = socket.write(rest)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      return false
    }
  }
  return true
}
