// expect: After the interruption, writeAll started over
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = socket.write(rest)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno == EINTR {
      rest = bytes[...]
    } else {
      return false
    }
  }
  return true
}
