import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("three clients that wait for their answers") { allWait() },
    Part("a client that sends a request and vanishes") { vanished() },
    Part("a client that is done sending but still reads") { halfClosed() },
    Part("every descriptor is closed") { closed() },
  ]

  static func allWait() {
    let clients = [Client("a"), Client("b"), Client("c")]
    serve(clients)
    for client in clients { client.expectReply("serve returned, but") }
  }

  static func vanished() {
    signal(SIGPIPE) { _ in
      fail(
        "the server died of SIGPIPE",
        "The kernel sends this signal to a process that writes to a connection whose other end is "
          + "closed. Unless the process asked for something else, the signal kills it without a "
          + "message.")
    }
    Crash.explanation = "Clients vanish all the time. The server must carry on with the next one."
    for gone in [[1], [0], [2], [0, 1], [1, 2]] {
      let clients = [Client("a"), Client("b"), Client("c")]
      for index in gone { clients[index].vanish() }
      serve(clients)
      for (index, client) in clients.enumerated() where !gone.contains(index) {
        client.expectReply(
          "\(gone.map { clients[$0].name }.joined(separator: " and ")) vanished, and",
          "One client's error ended the loop, so the clients after it were never served.")
      }
    }
    Crash.explanation = ""
  }

  static func halfClosed() {
    let client = Client("a")
    client.finishSending()
    serve([client])
    client.expectReply(
      "a is done sending but still reads, and",
      "A client that is done sending can still read, and this one is waiting for its answer. Only "
        + "send(2) itself can tell you whether the peer is gone.")
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
        "the server closed the descriptor of \(client.name) twice",
        "After the first close the number is free, and accept may give it to the next client. The "
          + "second close would then cut off that client. Close each descriptor in one place in "
          + "the code.")
      expect(
        client.isClosedByServer, equals: true,
        "the server did not close the descriptor of \(client.name)",
        "This leaks a descriptor for each client that vanishes. After about a thousand of them, "
          + "accept fails with 'too many open files'."
      )
    }
  }

  static func serve(_ clients: [Client]) {
    Events.start("what the clients did:")
    for client in clients { for line in client.history { Events.add("\(client.name) \(line)") } }
    Exercise.serve(clients.map(\.server))
  }
}

extension Check {
  /// The client's end of a real connection. Its request has already been sent.
  final class Client {
    let name: String
    /// The server's end.
    let server: Int32
    private let descriptor: Int32
    private(set) var history = ["sent its request"]

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
      history.append("vanished")
    }

    func finishSending() {
      shutdown(descriptor, Int32(SHUT_WR))
      history.append("finished sending")
    }

    /// - Parameter situation: the first words of the failure message, before the client's name.
    func expectReply(_ situation: String, _ why: String = "") {
      var buffer = [UInt8](repeating: 0, count: 1024)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      let reply = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      expect(
        reply, equals: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello",
        "\(situation) \(name) did not get its answer", why)
    }

    /// fcntl(2) fails if the descriptor is not open.
    var isClosedByServer: Bool { fcntl(server, F_GETFD) == -1 }
  }

  enum Closes {
    // Safe, although the compiler cannot know it: only one thread closes descriptors.
    nonisolated(unsafe) static var count: [Int32: Int] = [:]
  }
}

/// Counts the call, and then calls close(2). In this module, the name `close` means this function.
@discardableResult
func close(_ descriptor: Int32) -> Int32 {
  Check.Closes.count[descriptor, default: 0] += 1
  return Glibc.close(descriptor)
}
