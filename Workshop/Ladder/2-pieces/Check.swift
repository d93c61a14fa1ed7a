import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a request in two pieces is answered once it is complete") { twoPieces() },
    Part("a request that arrives byte by byte is answered", deadline: .seconds(30)) { drip() },
    Part("two requests in one piece are both answered") { together() },
    Part("a request and half of the next one are answered one after the other") { half() },
    Part("a client that leaves in the middle of a request does not affect other clients") {
      leaves()
    },
  ]

  static func twoPieces() {
    let text = Array(request().utf8)
    let server = Program()
    for cut in [1, 10, text.count - 3, text.count - 1] {
      let client = server.connect("A")
      client.send(Array(text[..<cut]))
      client.expectNothing(
        "half a request was answered",
        "A request ends with an empty line, which has not arrived yet. TCP is a stream: one read "
          + "is not one request.")
      client.send(Array(text[cut...]))
      client.expectReply(
        200, body: "Hello", "a request in two pieces, cut after byte \(cut), got no answer",
        "Keep what you have read, and look for the empty line in all of it, because even that line "
          + "may arrive in two pieces.")
      client.hangUp()
    }
  }

  static func drip() {
    let client = Program().connect("A")
    for byte in request().utf8 {
      client.send([byte])
      client.settle()
    }
    client.expectReply(
      200, body: "Hello", "a request that arrived byte by byte got no answer",
      "Each read returns what has arrived so far, which may be a single byte.")
  }

  static func together() {
    let client = Program().connect("A")
    client.send(request() + request("/no-such-page"))
    client.expectReply(200, body: "Hello", "the first of two requests in one piece got no answer")
    client.expectReply(
      404, "the second of two requests in one piece got no answer",
      "The bytes after the first request in the buffer are the next request. Check them before you "
        + "read again."
    )
  }

  static func half() {
    let client = Program().connect("A")
    let next = request("/no-such-page")
    client.send(request() + next.prefix(10))
    client.expectReply(
      200, body: "Hello",
      "a request got no answer because half of the next request arrived with it",
      "Answer the complete request, and keep the rest for the next one.")
    client.send(String(next.dropFirst(10)))
    client.expectReply(404, "the next request, half of which arrived with the first, got no answer")
  }

  static func leaves() {
    let server = Program()
    let first = server.connect("A")
    first.send("GET / HT")
    first.settle()
    first.reset()
    let second = server.connect("B")
    second.send(request())
    second.expectReply(
      200, body: "Hello",
      "after a client left in the middle of a request, the next client was not served",
      "If a read returns 0 or fails, close this connection and keep serving the others.")
  }
}
