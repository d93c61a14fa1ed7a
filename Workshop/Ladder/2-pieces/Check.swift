import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a request in two pieces is answered once it is complete") { twoPieces() },
    Part("a request that comes byte by byte is answered", deadline: .seconds(30)) { drip() },
    Part("two requests in one piece are both answered") { together() },
    Part("a request and half of the next one are answered one after the other") { half() },
    Part("a client that leaves in the middle of a request ends nothing else") { leaves() },
  ]

  static func twoPieces() {
    let text = Array(request().utf8)
    let server = Program()
    for cut in [1, 10, text.count - 3, text.count - 1] {
      let client = server.connect("A")
      client.send(Array(text[..<cut]))
      client.expectNothing(
        "half a request is answered",
        "The request ends with the empty line, which has not come yet. TCP is a stream: one read "
          + "is not one request.")
      client.send(Array(text[cut...]))
      client.expectReply(
        200, body: "Hello", "a request in two pieces, cut after byte \(cut), is not answered",
        "Keep what was read, and look for the empty line in all of it: it may be cut itself.")
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
      200, body: "Hello", "a request that came byte by byte is not answered",
      "Each read brings what is there at the moment, which may be a single byte.")
  }

  static func together() {
    let client = Program().connect("A")
    client.send(request() + request("/no-such-page"))
    client.expectReply(200, body: "Hello", "the first of two requests in one piece is not answered")
    client.expectReply(
      404, "the second of two requests in one piece is not answered",
      "What follows the first request in the buffer is the next one. Look there before you read "
        + "again."
    )
  }

  static func half() {
    let client = Program().connect("A")
    let next = request("/no-such-page")
    client.send(request() + next.prefix(10))
    client.expectReply(
      200, body: "Hello", "a request is not answered because half of the next one came with it",
      "Answer what is complete, and keep the rest.")
    client.send(String(next.dropFirst(10)))
    client.expectReply(404, "the next request, half of which came with the first, is not answered")
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
      "after a client left in the middle of a request, the next one is not served",
      "A read that returns 0 or an error ends this client, and nothing else.")
  }
}
