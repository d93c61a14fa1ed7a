// expect: -1 is not a number of bytes
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = socket.write(bytes[sent...])
    if count == -1 && errno != EINTR { return false }
    sent += count
  }
  return true
}
