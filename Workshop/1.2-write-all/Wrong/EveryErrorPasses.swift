// expect: write was called again and again
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = socket.write(rest)
    if count > 0 { rest = rest.dropFirst(count) }
  }
  return true
}
