import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that leaves in the middle of a response does not kill the server") { middle() },
    Part("nor does one that leaves before its responses are sent") { before() },
    Part("nor does one that finishes sending: it receives its response") { halfClosed() },
    Part("a hundred such clients leave nothing behind") { descriptors() },
    Part("a client that says nothing is disconnected after --timeout") { silent() },
  ]

  static let why =
    "Writing to a connection that the peer has reset raises SIGPIPE, which by default kills the "
    + "process without a message. Pass MSG_NOSIGNAL to send(2): then it returns -1 instead, with "
    + "EPIPE in errno."

  static func middle() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    client.finishSending()
    client.reset()
    server.expectHello("A left in the middle of its response", why)
  }

  static func before() {
    let server = Program()
    server.deliverAtOnce {
      let client = server.connect("A")
      for _ in 1...3 { client.ask("/") }
      client.leave()
    }
    server.expectHello("A sent three requests and closed its socket", why)
  }

  static func halfClosed() {
    let server = Program()
    let client = server.deliverAtOnce {
      let client = server.connect("A")
      client.ask("/")
      client.finishSending()
      return client
    }
    client.expectReply(
      body: "Hello", "A finished sending but receives no response",
      "A client that has finished sending may still be receiving: printf 'GET …' | nc works that "
        + "way. Only send(2) can tell whether a client has left.")
  }

  static func descriptors() {
    let server = Program()
    server.settle()
    let before = server.descriptors
    for _ in 1...100 {
      server.deliverAtOnce {
        let client = server.connect("A")
        client.ask("/")
        client.reset()
      }
    }
    server.expectHello("a hundred clients came and left", why)
    server.settle()
    expect(
      server.descriptors <= before + 1,
      "a hundred clients left, and their descriptors are still open",
      "Every path through serve must reach close(2), including the one on which send(2) fails.",
      expected: "\(before) open descriptors", happened: "\(server.descriptors) open descriptors")
  }

  static func silent() {
    let server = Program("--timeout", "300ms")
    server.settle()
    let client = server.connect("A")
    client.expectEnd(
      patience: .seconds(2), "A says nothing, and the server waits for it",
      "It waits in recv(2) for the first byte of a client that may never send one, and every other "
        + "client waits too."
    )
  }
}

extension Program {
  fileprivate func expectHello(_ situation: String, _ why: String) {
    let client = connect("B")
    client.ask("/", "Connection: close")
    client.expectReply(body: "Hello", "\(situation), and B receives no response", why)
  }
}
