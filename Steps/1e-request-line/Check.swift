import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a page that does not exist is not found") { notFound() },
    Part("what is no request is refused, and the connection closed") { badRequests() },
    Part("another method is refused with the methods that are allowed") { method() },
    Part("a request with a body ends the connection") { body() },
    Part("HTTP/1.0 closes the connection") { oldVersion() },
    Part("a head that never ends is refused") { endless() },
    Part("/big is eight million bytes long") { big() },
    Part("SIGTERM lets a response finish") { terminate() },
  ]

  static func notFound() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/nope")
    client.expectReply(
      404, "A asked for /nope and did not receive 404",
      "The request line says what a client wants: method, target, version. Only / is Hello.")
    client.ask("/")
    client.expectReply(
      body: "Hello", "A received 404, and then no response to its next request",
      "A page that does not exist is an ordinary answer. The connection is fine, and the client "
        + "may ask for another page."
    )
  }

  static let garbage = [
    ("GET /\r\nHost: check\r\n\r\n", "the version is missing"),
    ("GET  / HTTP/1.1\r\nHost: check\r\n\r\n", "two spaces make four words"),
    ("GET nope HTTP/1.1\r\nHost: check\r\n\r\n", "a target begins with a slash"),
    ("GET / FTP/1.1\r\nHost: check\r\n\r\n", "the version is not one of HTTP"),
    ("GET / HTTP/1.1\r\nHost check\r\n\r\n", "a field has a colon"),
    ("GET / HTTP/1.1\r\nHost : check\r\n\r\n", "no space may precede the colon"),
    ("GET / HTTP/1.1\r\nAccept: text/plain\r\n\r\n", "HTTP/1.1 demands the field Host"),
    ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "it is the beginning of TLS, perhaps"),
  ]

  static func badRequests() {
    let server = Program()
    for (text, reason) in garbage {
      let client = server.connect("A")
      client.send(text)
      client.expectReply(
        400, "this is no request, and A does not receive 400: \(reason)",
        "A server that guesses what a client meant may guess differently from the proxy in front "
          + "of it. That is how requests are smuggled past a check: RFC 9112, section 11.2.")
      client.expectEnd(
        "A sent something that is no request, and the connection stays open",
        "Where the next request begins is unknown when this one cannot be read.")
    }
  }

  static func method() {
    let server = Program()
    let client = server.connect("A")
    client.send("DELETE / HTTP/1.1\r\nHost: check\r\n\r\n")
    let reply = client.expectReply(405, "A sent DELETE and did not receive 405")
    expect(
      reply.head.lowercased().contains("\r\nallow: get"),
      "405 does not say which methods are allowed",
      "RFC 9110, section 15.5.6: the field Allow must list them.", happened: show(reply.head))
  }

  static func body() {
    let server = Program()
    let client = server.connect("A")
    client.send("POST / HTTP/1.1\r\nHost: check\r\nContent-Length: 37\r\n\r\n")
    client.expectReply(405, "A sent POST and did not receive 405")
    client.expectEnd(
      "a request with a body was refused, and the connection stays open",
      "The body follows: 37 bytes that may look like a request, and this server would answer it. "
        + "If you don't read a body, close the connection.")
  }

  static func oldVersion() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HTTP/1.0\r\n\r\n")
    client.expectReply(body: "Hello", "A sent a request of HTTP/1.0 and did not receive Hello")
    client.expectEnd(
      "a client of HTTP/1.0 has its response, and the connection stays open",
      "Connections stay open since HTTP/1.1. An older client reads until the end.")
  }

  static func endless() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HTTP/1.1\r\n")
    for _ in 1...5 {
      client.send("X-Filler: " + String(repeating: "x", count: 4000) + "\r\n")
      client.settle()
    }
    client.expectReply(
      400, "A sent 20,000 bytes of a head without an end, and the server asks for more",
      "The server keeps the head until it is complete, and this one never is: one client can fill "
        + "the memory. Set a limit; 16 KiB are enough for every browser.")
  }

  static func big() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/big", "Connection: close")
    let reply = client.expectReply(200, "A asked for /big and did not receive it")
    expect(
      reply.body.utf8.count, equals: 1 << 23, "/big has another length",
      "8,388,608 bytes are more than all the buffers between the server and a client can hold. The "
        + "next steps need that."
    )
  }

  static func terminate() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    client.expectReply(
      200, "the server received SIGTERM, and A loses the rest of its response",
      "A new version is installed, a container moves: SIGTERM comes several times a day. The "
        + "default is to die at once, and A has half a page.")
  }
}
