// expect: One write is not enough
import Glibc
import Kit

func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  socket.write(bytes[...]) != -1
}
