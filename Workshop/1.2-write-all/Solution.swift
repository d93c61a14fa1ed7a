import Glibc
import Kit

/// Writes all bytes, however few the socket takes at a time. Returns false if the peer is gone.
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
