// expect: Clients vanish all the time
import Glibc
import Kit

func serve(_ clients: [Int32]) {
  signal(SIGPIPE, SIG_IGN)
  for client in clients {
    answer(client)
    close(client)
  }
}

func answer(_ client: Int32) {
  var buffer = [UInt8](repeating: 0, count: 1024)
  guard read(client, &buffer, buffer.count) > 0 else { return }
  let reply = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".utf8)
  guard write(client, reply, reply.count) == reply.count else {
    fatalError("write: \(errno)")
  }
}
