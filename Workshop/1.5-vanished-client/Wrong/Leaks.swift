// expect: too many open files
import Glibc
import Kit

func serve(_ clients: [Int32]) {
  for client in clients where answer(client) { close(client) }
}

func answer(_ client: Int32) -> Bool {
  var buffer = [UInt8](repeating: 0, count: 1024)
  guard read(client, &buffer, buffer.count) > 0 else { return false }
  let reply = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
  return send(client, reply, reply.count, Int32(MSG_NOSIGNAL)) == reply.count
}
