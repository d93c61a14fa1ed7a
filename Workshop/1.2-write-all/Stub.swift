import Glibc
import Kit

/// Writes all bytes, however little the socket takes at a time. False where it cannot: the peer has gone.
///
/// `socket.write(slice)` works like write(2): it returns how many bytes it took, from the front; or -1, and then `errno`
/// says why. `EINTR` means that a signal came before anything was taken.
///
/// What must hold: each byte is taken once, in order.
func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  return false  // Yours to write.
}
