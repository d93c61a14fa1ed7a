import Glibc
import Kit

/// Writes all bytes, however few the socket takes at a time. Returns false if the peer is gone.
///
/// `socket.write(slice)` works like write(2): it takes bytes from the front of the slice and
/// returns how many it took, or -1 with the reason in `errno`. `EINTR` means that a signal arrived
/// before any bytes were taken.
///
/// Requirement: the socket takes each byte once, in order.
func writeAll(_ bytes: [UInt8], to socket: ScriptedSocket) -> Bool {
  return false  // Write this.
}
