import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("it prints what the client sent") { prints() },
    Part("a request in the buffer does not turn the close into a reset") { noReset() },
    Part("a client that resets the connection does not kill the server") { reset() },
    Part("it can start again on the same port right away") { restart() },
    Part("half a request is not answered") { half() },
  ]

  static func prints() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HTTP/1.1\r\nHost: check\r\nX-Lesson: 1b\r\n\r\n")
    client.expectReply(body: "Hello", "A sent a request but did not receive the response")
    expect(
      server.prints("X-Lesson: 1b", within: 1), "the program does not print the request",
      "recv(2) fills a buffer and returns how many bytes it put there. Only those bytes are the "
        + "request: String(decoding: buffer[..<count], as: UTF8.self).",
      expected: "the lines that A sent", happened: "it printed \(show(server.output))")
    expect(
      !server.output.contains("\0"), "it prints more than the client sent",
      "The buffer is larger than the request, and the rest of it still holds zeros. The return "
        + "value of recv(2) is the number of bytes that the client sent.",
      happened: "it printed "
        + "\(show(server.output))")
  }

  static func noReset() {
    let server = Program()
    let client = server.deliverAtOnce {
      let client = server.connect("A")
      client.ask("/")
      return client
    }
    client.expectReply(body: "Hello", "A sent a request but did not receive the response")
    client.expectEnd(
      "A received Hello, and then a reset instead of a clean close",
      "A's request was still in the server's receive buffer when it called close(2). The kernel "
        + "sends a reset to tell the client that nothing read those bytes, and a reset may "
        + "destroy a response that is still on its way."
    )
  }

  static func reset() {
    let server = Program()
    server.deliverAtOnce { server.connect("A").reset() }
    let client = server.connect("B")
    client.ask("/")
    client.expectReply(
      body: "Hello", "A disappeared before it sent anything, and B receives no response",
      "recv(2) returned -1, with ECONNRESET in errno. A range up to -1 traps, and a trap kills the "
        + "server for everyone. Continue only if there are bytes.")
  }

  static func restart() {
    let server = Program()
    let client = server.connect("A")
    client.settle()
    server.signal(SIGKILL)
    _ = server.waitForExit()
    client.hangUp()
    let again = Program(
      port: server.port, problem: "it cannot start again on the port that it just used",
      why:
        "The kernel remembers a closed connection for a minute (TIME_WAIT), in case a late packet "
        + "arrives, and until then bind(2) refuses the port. A server can still get its port if "
        + "it sets SO_REUSEADDR before bind(2)."
    )
    let second = again.connect("B")
    second.ask("/")
    second.expectReply(body: "Hello", "B does not receive Hello after the restart")
  }

  static func half() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HT")
    client.expectNothing(
      "A sent half a request and received a response",
      "TCP is a stream of bytes. The server may need two recv(2) calls to get what the client sent "
        + "with one send(2). This one answered a request before it had seen all of it.")
  }
}
