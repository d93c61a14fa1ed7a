// expect: A client that is done sending can still read
import Glibc
import Kit

func serve(_ clients: [Int32]) {
  for client in clients {
    answer(client)
    close(client)
  }
}

func answer(_ client: Int32) {
  var buffer = [UInt8](repeating: 0, count: 1024)
  guard read(client, &buffer, buffer.count) > 0 else { return }
  let reply = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
  // Check whether the client is still there.
  if recv(client, &buffer, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0 { return }
  write(client, reply, reply.count)
}
