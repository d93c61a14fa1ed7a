import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("half a request is not answered, but the whole one is") { half() },
    Part("a request may be split anywhere", deadline: .seconds(30)) { cut() },
    Part("a client that leaves in the middle of a request costs nothing") { leaves() },
    Part("two requests on one connection") { two() },
  ]

  static let request = "GET / HTTP/1.1\r\nHost: check\r\n\r\n"

  static func half() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HT")
    client.expectNothing(
      "A sent half a request and received a response",
      "TCP is a stream of bytes. The server may need two recv(2) calls to get what the client sent "
        + "with one send(2). A request ends with a blank line; keep receiving until you see it.")
    client.send("TP/1.1\r\nHost: check\r\n\r\n")
    client.expectReply(
      body: "Hello", "A sent the rest of its request but received no response",
      "recv(2) returns the bytes that arrived since the last call. Append them to the bytes that "
        + "you already have."
    )
  }

  static func cut() {
    let server = Program()
    for place in 1..<request.utf8.count {
      let client = server.connect("A")
      client.send(Array(request.utf8.prefix(place)))
      client.settle()
      client.send(Array(request.utf8.dropFirst(place)))
      client.expectReply(
        body: "Hello",
        "a request that arrives in two pieces gets no response if it is split after byte \(place)",
        "The blank line can be split too: \\r\\n\\r arrives with one recv(2), \\n with the next. "
          + "Look for it in everything that has arrived, not just in the last piece.")
    }
  }

  static func leaves() {
    let server = Program()
    let client = server.connect("A")
    client.send("GET / HT")
    client.settle()
    client.hangUp()
    let isIdle = server.settle()
    expect(
      isIdle, "A left in the middle of its request, and the server spins",
      "recv(2) returns 0 when the client has finished sending: now, and each time you call it "
        + "again. A loop that waits for the blank line never sees it, and uses a whole core.")
    let next = server.connect("B")
    next.send(request)
    next.expectReply(
      body: "Hello", "A left in the middle of its request, and B receives no response",
      "recv(2) returns 0 when the client has finished sending. What it sent is not a request; "
        + "close the connection and accept the next one.")
  }

  static func two() {
    let server = Program()
    let client = server.connect("A")
    for number in 1...2 {
      client.send(request)
      client.expectReply(
        body: "Hello", "A receives no response to request \(number) on its connection",
        "HTTP/1.1 keeps a connection open until one side says Connection: close. A new connection "
          + "for each request costs a round trip before the first byte.")
    }
  }
}
