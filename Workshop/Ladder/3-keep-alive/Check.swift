import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a second request on the same connection is answered") { again() },
    Part("after a request with `Connection: close`, the server closes the connection") { close() },
    Part("after a request in HTTP/1.0, the server closes the connection") { old() },
    Part("after a request in HTTP/1.0 with `Connection: keep-alive`, the connection stays open") {
      oldKept()
    },
    Part("pipelined requests are answered in order") { pipelined() },
    Part("a body with a length is read, and the next request is found after it") { body() },
    Part("a chunked body is read, and the next request is found after it") { chunked() },
  ]

  static func again() {
    let client = Program().connect("A")
    for number in ["first", "second", "third"] {
      client.send(request())
      client.expectReply(
        200, body: "Hello", "the \(number) request on a connection got no answer",
        "In HTTP/1.1 a connection stays open unless one side says Connection: close.")
    }
  }

  static func close() {
    let client = Program().connect("A")
    client.send(request("/", "Connection: close"))
    client.expectReply(200, body: "Hello", "a request with Connection: close got no answer")
    client.expectEnd(
      "the connection stayed open after Connection: close",
      "The client said that this was its last request, and now it waits for the connection to "
        + "close.")
  }

  static func old() {
    let client = Program().connect("A")
    client.send("GET / HTTP/1.0\r\n\r\n")
    client.expectReply(
      200, body: "Hello", "a request in HTTP/1.0 got no answer",
      "Old clients and many scripts still send HTTP/1.0. These requests need no Host field.")
    client.expectEnd(
      "the connection stayed open after a request in HTTP/1.0",
      "In HTTP/1.0 the end of the connection marks the end of the response, and some clients wait "
        + "for it.")
  }

  static func oldKept() {
    let client = Program().connect("A")
    for _ in 1...2 {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      client.expectReply(
        200, body: "Hello",
        "an HTTP/1.0 client that asked for keep-alive did not get two responses",
        "With Connection: keep-alive the connection stays open, even in HTTP/1.0.")
    }
  }

  static func pipelined() {
    let client = Program().connect("A")
    let targets = ["/", "/no-such-page", "/", "/no-such-page", "/"]
    client.send(targets.map { request($0) }.joined())
    for (number, target) in targets.enumerated() {
      client.expectReply(
        target == "/" ? 200 : 404,
        "request \(number + 1) of 5 that arrived in one piece did not get its response in order",
        "The client matches responses to requests only by their order.")
    }
  }

  static func body() {
    let client = Program().connect("A")
    client.send(
      request("/", "Content-Length: 5", method: "POST", body: "GET /") + request("/no-such-page"))
    client.expectReply(405, "POST / did not get a 405")
    client.expectReply(
      404, "the request after a body was not understood",
      "The body is part of its request, even if the server has no use for it. Skip as many bytes "
        + "as Content-Length says. The next request starts after them.")
  }

  static func chunked() {
    let client = Program().connect("A")
    let body = "3\r\nabc\r\n0\r\n\r\n"
    client.send(
      request("/", "Transfer-Encoding: chunked", method: "POST", body: body)
        + request("/no-such-page"))
    client.expectReply(405, "POST / with a chunked body did not get a 405")
    client.expectReply(
      404, "the request after a chunked body was not understood",
      "Each chunk starts with a line that holds its size in hexadecimal. A chunk of size 0 and an "
        + "empty line end the body (RFC 9112, section 7.1).")
  }
}
