import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a page that does not exist is not found") { notFound() },
    Part("anything that is not a request is refused, and the connection closes") { badRequests() },
    Part("other methods are refused, with a list of the allowed ones") { method() },
    Part("a request with a body closes the connection") { body() },
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
      404, "A asked for /nope but did not receive 404",
      "The request line says what a client wants: method, target, version. Only / gets Hello.")
    client.ask("/")
    client.expectReply(
      body: "Hello", "A received 404, and then no response to its next request",
      "A 404 is an ordinary response. The connection is fine, and the client may ask for another "
        + "page."
    )
  }

  static let garbage = [
    ("GET /\r\nHost: check\r\n\r\n", "the version is missing"),
    ("GET  / HTTP/1.1\r\nHost: check\r\n\r\n", "two spaces make four words"),
    ("GET nope HTTP/1.1\r\nHost: check\r\n\r\n", "a target must begin with a slash"),
    ("GET / FTP/1.1\r\nHost: check\r\n\r\n", "this is not a version of HTTP"),
    ("GET / HTTP/1.1\r\nHost check\r\n\r\n", "a field needs a colon"),
    ("GET / HTTP/1.1\r\nHost : check\r\n\r\n", "there must be no space before the colon"),
    ("GET / HTTP/1.1\r\nAccept: text/plain\r\n\r\n", "HTTP/1.1 requires the Host field"),
    ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "it looks like the beginning of a TLS handshake"),
  ]

  static func badRequests() {
    let server = Program()
    for (text, reason) in garbage {
      let client = server.connect("A")
      client.send(text)
      client.expectReply(
        400, "A sent something that is not a request but does not receive 400: \(reason)",
        "A server that guesses what a client meant may guess differently from the proxy in front "
          + "of it. That is how attackers smuggle requests past a check: RFC 9112, section 11.2.")
      client.expectEnd(
        "A sent something that is not a request, but the connection stays open",
        "If the server cannot parse this request, it cannot know where the next one begins.")
    }
  }

  static func method() {
    let server = Program()
    let client = server.connect("A")
    client.send("DELETE / HTTP/1.1\r\nHost: check\r\n\r\n")
    let reply = client.expectReply(405, "A sent DELETE but did not receive 405")
    expect(
      reply.head.lowercased().contains("\r\nallow: get"),
      "405 does not say which methods are allowed",
      "The Allow field must list them: RFC 9110, section 15.5.6.", happened: show(reply.head))
  }

  static func body() {
    let server = Program()
    let client = server.connect("A")
    client.send("POST / HTTP/1.1\r\nHost: check\r\nContent-Length: 37\r\n\r\n")
    client.expectReply(405, "A sent POST but did not receive 405")
    client.expectEnd(
      "a request with a body was refused, but the connection stays open",
      "The body follows: 37 bytes that may look like a request, and this server would answer it. "
        + "If you don't read a body, close the connection.")
  }

  static func oldVersion() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HTTP/1.0\r\n\r\n")
    client.expectReply(body: "Hello", "A sent an HTTP/1.0 request but did not receive Hello")
    client.expectEnd(
      "an HTTP/1.0 client got its response, but the connection stays open",
      "Connections stay open by default only since HTTP/1.1. An older client reads until the "
        + "connection ends.")
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
      400, "A sent 20,000 bytes of a head that never ends, and the server keeps reading",
      "The server keeps the head until it is complete, and this one never is: one client can fill "
        + "up the memory. Set a limit; 16 KiB is enough for any browser.")
  }

  static func big() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/big", "Connection: close")
    let reply = client.expectReply(200, "A asked for /big but did not receive it")
    expect(
      reply.body.utf8.count, equals: 1 << 23, "/big has the wrong length",
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
      "SIGTERM arrives several times a day, when a new version is installed or a container moves. "
        + "By default, it kills the process at once, and A gets only half of its page.")
  }
}
