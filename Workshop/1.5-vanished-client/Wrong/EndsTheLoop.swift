// expect: One client's error ended the loop
import Glibc
import Kit

struct ClientHasGone: Error {}

func serve(_ clients: [Int32]) {
  do {
    for client in clients {
      defer { close(client) }
      try answer(client)
    }
  } catch {
    print("a client is gone")
  }
}

func answer(_ client: Int32) throws {
  var buffer = [UInt8](repeating: 0, count: 1024)
  guard read(client, &buffer, buffer.count) > 0 else { return }
  let reply = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
  let count = send(client, reply, reply.count, Int32(MSG_NOSIGNAL))
  if count == -1 { throw ClientHasGone() }
}
