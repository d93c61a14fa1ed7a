// expect: B missed frames and has no way of knowing it
import Kit

let limit = 4000

final class Client {
  let socket: BufferedSocket
  private(set) var outbox: [UInt8] = []

  init(_ socket: BufferedSocket) { self.socket = socket }

  func send(_ frame: [UInt8]) {
    if outbox.count + frame.count <= limit { outbox += frame }
    flush()
  }

  func flush() {
    let taken = socket.write(outbox)
    outbox.removeFirst(taken)
  }
}

final class Registry {
  private(set) var clients: [Client] = []

  func join(_ client: Client) { clients.append(client) }

  func broadcast(_ frame: [UInt8]) {
    for client in clients { client.send(frame) }
  }
}
