import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a second request on the same connection is answered") { again() },
    Part("`Connection: close` is obeyed after the response") { close() },
    Part("HTTP/1.0 closes after the response") { old() },
    Part("HTTP/1.0 with `Connection: keep-alive` does not") { oldKept() },
    Part("pipelined requests are answered in order") { pipelined() },
    Part("a body with a length is read, and the next request is found after it") { body() },
    Part("a chunked body is read, and the next request is found after it") { chunked() },
  ]

  static func again() {
    let client = Program().connect("A")
    for number in ["first", "second", "third"] {
      client.send(request())
      client.expectReply(
        200, body: "Hello", "the \(number) request on a connection is not answered",
        "In HTTP/1.1 a connection stays open unless one side says Connection: close.")
    }
  }

  static func close() {
    let client = Program().connect("A")
    client.send(request("/", "Connection: close"))
    client.expectReply(200, body: "Hello", "a request with Connection: close is not answered")
    client.expectEnd(
      "the connection stays open after Connection: close",
      "The client said that this was its last request, and waits for the end.")
  }

  static func old() {
    let client = Program().connect("A")
    client.send("GET / HTTP/1.0\r\n\r\n")
    client.expectReply(
      200, body: "Hello", "a request in HTTP/1.0 is not answered",
      "Old clients and many scripts send it, and it needs no Host.")
    client.expectEnd(
      "the connection stays open after a request in HTTP/1.0",
      "In HTTP/1.0 the connection ends with the response, and some clients wait for that.")
  }

  static func oldKept() {
    let client = Program().connect("A")
    for _ in 1...2 {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      client.expectReply(
        200, body: "Hello", "an HTTP/1.0 client that asked for keep-alive is not answered twice",
        "With Connection: keep-alive the connection stays, in HTTP/1.0 too.")
    }
  }

  static func pipelined() {
    let client = Program().connect("A")
    let targets = ["/", "/no-such-page", "/", "/no-such-page", "/"]
    client.send(targets.map { request($0) }.joined())
    for (number, target) in targets.enumerated() {
      client.expectReply(
        target == "/" ? 200 : 404,
        "request \(number + 1) of 5 in one piece is not answered in order",
        "The client matches responses to requests by their order, and by nothing else.")
    }
  }

  static func body() {
    let client = Program().connect("A")
    client.send(
      request("/", "Content-Length: 5", method: "POST", body: "GET /") + request("/no-such-page"))
    client.expectReply(405, "POST / is not answered with 405")
    client.expectReply(
      404, "after a body, the next request is not understood",
      "The body belongs to its request, even if the server has no use for it. Skip as many bytes "
        + "as Content-Length says; what follows is the next request.")
  }

  static func chunked() {
    let client = Program().connect("A")
    let body = "3\r\nabc\r\n0\r\n\r\n"
    client.send(
      request("/", "Transfer-Encoding: chunked", method: "POST", body: body)
        + request("/no-such-page"))
    client.expectReply(405, "POST / with a chunked body is not answered with 405")
    client.expectReply(
      404, "after a chunked body, the next request is not understood",
      "Each chunk has its size in hexadecimal on a line; a chunk of size 0 and an empty line end "
        + "the body (RFC 9112, section 7.1).")
  }
}
