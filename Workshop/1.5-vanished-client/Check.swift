import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("three clients that wait for their answers") { allWait() },
    Part("a client that asks, and vanishes") { vanished() },
    Part("a client that has finished sending, and still reads") { halfClosed() },
    Part("every descriptor is closed") { closed() },
  ]

  static func allWait() {
    let clients = [Client("a"), Client("b"), Client("c")]
    serve(clients)
    for client in clients { client.expectReply("the server has answered, and") }
  }

  static func vanished() {
    signal(SIGPIPE) { _ in
      fail(
        "the server is dead: SIGPIPE",
        "The kernel sends this signal to a process that writes to a connection whose other end is "
          + "closed. A process that has "
          + "not said otherwise dies of it, without a word.")
    }
    Crash.explanation = "A vanished client is nothing unusual, and no reason to die."
    for gone in [[1], [0], [2], [0, 1], [1, 2]] {
      let clients = [Client("a"), Client("b"), Client("c")]
      for index in gone { clients[index].vanish() }
      serve(clients)
      for (index, client) in clients.enumerated() where !gone.contains(index) {
        client.expectReply(
          "\(gone.map { clients[$0].name }.joined(separator: " and ")) vanished, and",
          "The error of one client has ended the loop, and with it the service for all others.")
      }
    }
    Crash.explanation = ""
  }

  static func halfClosed() {
    let client = Client("a")
    client.finishSending()
    serve([client])
    client.expectReply(
      "a has said that it will send no more, and",
      "The end of its sending is not the end of its listening: it waits for the answer. Only "
        + "send(2) itself knows whether the "
        + "peer has gone.")
  }

  static func closed() {
    let clients = [Client("a"), Client("b"), Client("c")]
    clients[0].vanish()
    clients[2].finishSending()
    Closes.count = [:]
    serve(clients)
    for client in clients {
      expect(
        Closes.count[client.server, default: 0] < 2,
        "the server closes the descriptor of \(client.name) twice",
        "After the first close the number is free, and accept may give it to the next client: the "
          + "second close cuts off that "
          + "one. One place in the code closes a descriptor.")
      expect(
        client.isClosedByServer, equals: true,
        "the server has not closed the descriptor of \(client.name)",
        "A descriptor that is left open for each client that vanishes: after a thousand of them "
          + "accept says 'too many open files'."
      )
    }
  }

  static func serve(_ clients: [Client]) {
    Events.start("what the clients have done:")
    for client in clients { for line in client.history { Events.add("\(client.name) \(line)") } }
    Exercise.serve(clients.map(\.server))
  }
}

extension Check {
  /// The client's end of a real connection. Its request is already there.
  final class Client {
    let name: String
    /// The server's end.
    let server: Int32
    private let descriptor: Int32
    private(set) var history = ["has sent its request"]

    init(_ name: String) {
      self.name = name
      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      (descriptor, server) = (ends[0], ends[1])
      let request = Array("GET / HTTP/1.1\r\nHost: check\r\n\r\n".utf8)
      write(descriptor, request, request.count)
    }

    func vanish() {
      Glibc.close(descriptor)
      history.append("has vanished")
    }

    func finishSending() {
      shutdown(descriptor, Int32(SHUT_WR))
      history.append("has finished sending")
    }

    /// - Parameter situation: begins the sentence that says who has no answer.
    func expectReply(_ situation: String, _ why: String = "") {
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      let reply = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      expect(
        reply, equals: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello",
        "\(situation) \(name) did not get the answer", why)
    }

    /// fcntl(2) knows only open descriptors.
    var isClosedByServer: Bool { fcntl(server, F_GETFD) == -1 }
  }

  enum Closes {
    // Unsafe only for the compiler: one thread closes.
    nonisolated(unsafe) static var count: [Int32: Int] = [:]
  }
}

/// close(2), counted: in this module the name means this function.
@discardableResult
func close(_ descriptor: Int32) -> Int32 {
  Check.Closes.count[descriptor, default: 0] += 1
  return Glibc.close(descriptor)
}
