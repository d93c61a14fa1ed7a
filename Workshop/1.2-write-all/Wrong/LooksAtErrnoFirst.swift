// expect: errno is only meaningful after a call that returned -1
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = socket.write(bytes[sent...])
    if errno == EINTR { continue }
    if count < 0 { return false }
    sent += count
  }
  return true
}
