// expect: a signal arrived before write took any bytes
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = socket.write(rest)
    if count == -1 { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
