import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("SIGTERM lets a response finish") { terminate() },
    Part("after the last response the program exits with code 0") { exits() },
    Part("SIGTERM stops an idle server") { idle() },
    Part("SIGTERM stops a server whose client is idle") { idleClient() },
    Part("a client that leaves in the middle of a response does not kill the server") { leaves() },
  ]

  static func terminate() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(
      200, "the server received SIGTERM, and A loses the rest of its response",
      "A signal with a handler interrupts send(2). If send(2) has sent some bytes, it returns how "
        + "many, fewer than you asked for; if it has sent none, it returns -1 and EINTR. Send the "
        + "rest: call it again until every byte is out.")
  }

  static func exits() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    _ = client.receive()
    expect(
      server.endsSoon, "A got its response, but the server does not stop",
      "When serve returns, check isStopping before you accept the next client. And accept(2) must "
        + "return when the signal arrives: with SA_RESTART, which signal(3) sets, it keeps "
        + "waiting.")
    expect(
      server.waitForExit(), equals: .code(0),
      "the program stopped properly, but did not exit with code 0",
      "The program that started it, such as systemd, treats any other code as a crash.")
  }

  static func idle() {
    let server = Program()
    server.settle()
    server.signal(SIGTERM)
    expect(
      server.endsSoon,
      "SIGTERM arrived while no client was connected, but the server does not stop",
      "accept(2) returns -1 and EINTR when a handler ran, unless you installed the handler with "
        + "SA_RESTART, which signal(3) does. Use sigaction(2), and check isStopping.")
    expect(
      server.waitForExit(), equals: .code(0),
      "an idle server stopped, but did not exit with code 0")
  }

  static func idleClient() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/")
    client.expectReply(body: "Hello", "A does not receive Hello")
    client.settle()
    server.signal(SIGTERM)
    expect(
      server.endsSoon, "A is connected and silent, and SIGTERM does not stop the server",
      "The server waits for A's next request, which may never come. After the handler runs, "
        + "recv(2) returns -1: close the connection.")
  }

  static func leaves() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    client.finishSending()
    client.reset()
    let next = server.connect("B")
    next.ask("/")
    next.expectReply(
      body: "Hello", "A left in the middle of its response, and B receives no response",
      "Writing to a connection that the peer has reset raises SIGPIPE. By default it kills the "
        + "process without a message, and every client is lost because one of them left.")
  }
}
