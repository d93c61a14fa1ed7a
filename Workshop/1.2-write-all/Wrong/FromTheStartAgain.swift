// expect: The second write started over at the first byte
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var count = 0
  while count < bytes.count {
    let written = socket.write(bytes[...])
    if written >= 0 {
      count += written
    } else if errno != EINTR {
      return false
    }
  }
  return true
}
