import Glibc
import Kit

/// Answers the clients, one after the other.
///
/// This code has a bug. Requirements: whatever one client does, the next one gets its answer, every
/// client that can still read gets an answer, and each descriptor is closed.
/// - Parameter clients: descriptors, as accept(2) returns them.
func serve(_ clients: [Int32]) {
  for client in clients {
    answer(client)
    close(client)
  }
}

/// Reads a request and answers it.
func answer(_ client: Int32) {
  var buffer = [UInt8](repeating: 0, count: 1024)
  guard read(client, &buffer, buffer.count) > 0 else { return }
  let reply = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
  write(client, reply, reply.count)
}
