import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("two requests on one connection") { two() },
    Part("two requests in one packet") { packet() },
    Part("the first request and half of the next one") { oneAndAHalf() },
    Part("Connection: close ends the connection after the response") { close() },
    Part("upper case and lower case make no difference in a field") { spelling() },
    Part("a page that does not exist is not found") { notFound() },
  ]

  static let request = "GET / HTTP/1.1\r\nHost: check\r\n\r\n"

  static func two() {
    let server = Program()
    let client = server.connect("A")
    for number in 1...2 {
      client.send(request)
      client.expectReply(
        body: "Hello", "A receives no response to request \(number) on its connection",
        "HTTP/1.1 keeps a connection open until one side says Connection: close. Serve the same "
          + "client's next request before you close.")
    }
  }

  static func packet() {
    let server = Program()
    let client = server.connect("A")
    client.send(request + request + request)
    for number in 1...3 {
      client.expectReply(
        body: "Hello", "A sent three requests at once but receives no response to number \(number)",
        "One recv(2) returned all three. Take the first one out, answer it, and keep the rest as "
          + "the start of the next one: the client sends those bytes only once.")
    }
    client.expectNothing(
      "A sent three requests and receives a fourth response",
      "Remove a request from the input once you have answered it. A client that counts responses "
        + "treats the fourth one as the response to its next request.")
  }

  static func oneAndAHalf() {
    let server = Program()
    let client = server.connect("A")
    client.send(request + "GET / HTTP/1.1\r\nHo")
    client.expectReply(body: "Hello", "A receives no response to its first request")
    client.expectNothing(
      "A sent half of its second request and received a response",
      "Only the first request was complete.")
    client.send("st: check\r\n\r\n")
    client.expectReply(
      body: "Hello", "A completes its second request but receives no response",
      "Its first half arrived with the first request. In the input, the bytes after a request "
        + "belong to the next one."
    )
  }

  static func close() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/", "Connection: close")
    client.expectReply(body: "Hello", "A receives no response")
    client.expectEnd(
      "A said Connection: close, but the connection stays open",
      "A client that sends this field reads until the connection ends. Now the two wait for each "
        + "other, and no other client is served.")
  }

  static func spelling() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/", "CONNECTION: Close")
    client.expectReply(body: "Hello", "A receives no response")
    client.expectEnd(
      "A said CONNECTION: Close, but the connection stays open",
      "Field names are case-insensitive (RFC 9110, section 5.1), and so is this value."
    )
  }

  static func notFound() {
    let server = Program()
    let client = server.connect("A")
    client.ask("/nope")
    client.expectReply(
      404, "A asked for /nope but did not receive 404",
      "The server does not look at the request yet: whatever a client asks for, it says Hello.")
  }
}
