// expect: keeps all other clients waiting
import Kit

let limit = 4000

final class Client {
  let socket: BufferedSocket
  private(set) var outbox: [UInt8] = []

  init(_ socket: BufferedSocket) { self.socket = socket }

  func send(_ frame: [UInt8]) {
    outbox += frame
    while !outbox.isEmpty { flush() }
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
