// expect: don't give up after a certain number of interruptions
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var rest = bytes[...]
  var interruptions = 0
  while !rest.isEmpty {
    let count = socket.write(rest)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else {
      interruptions += 1
      if errno != EINTR || interruptions > 3 { return false }
    }
  }
  return true
}
