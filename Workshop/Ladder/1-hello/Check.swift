import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("`GET /` is answered with 200 and the body `Hello`") { hello() },
    Part("the header says how long the body is") { length() },
    Part("`HEAD /` is answered with the same header and no body") { head() },
    Part("a path that does not exist is answered with 404") { unknownPath() },
    Part("another method is answered with 405, and `Allow` names those that work") { method() },
  ]

  static func hello() {
    let client = Program().connect("A")
    client.send(request())
    client.expectReply(
      200, body: "Hello", "GET / is not answered with Hello",
      "A response is a status line, header fields, an empty line and the body. Each line ends with "
        + "\\r\\n, and Content-Length says how long the body is.")
  }

  static func length() {
    let client = Program().connect("A")
    client.send(request())
    let reply = client.expectReply(200, "GET / is not answered with 200")
    expect(
      reply.field("Content-Length") == "5", "the header does not say how long the body is",
      "Without Content-Length, the client finds the end of the body only when the connection "
        + "closes, and cannot send another request on it.",
      expected: "Content-Length: 5", happened: show(reply.head))
  }

  static func head() {
    let client = Program().connect("A")
    client.send(request("/", "Connection: close", method: "HEAD"))
    let text = client.rest()
    expect(
      text.hasPrefix("HTTP/1.1 200 "), "HEAD / is not answered with 200",
      "HEAD asks for the header that GET would get (RFC 9110, section 9.3.2).",
      expected: "HTTP/1.1 200 OK", happened: show(text))
    expect(
      text.hasSuffix("\r\n\r\n"), "the response to HEAD has a body",
      "The client does not expect one: it takes the body for the beginning of the next response.",
      expected: "nothing after the empty line", happened: show(text))
  }

  static func unknownPath() {
    let client = Program().connect("A")
    client.send(request("/no-such-page"))
    client.expectReply(
      404, "a path that does not exist is not answered with 404",
      "A client that asked for the wrong page must not get another one.")
  }

  static func method() {
    let client = Program().connect("A")
    client.send(request(method: "DELETE"))
    let reply = client.expectReply(
      405, "DELETE / is not answered with 405",
      "The path is there, and the method does not work on it: that is 405.")
    expect(
      reply.field("Allow") != nil, "a 405 does not say which methods work",
      "RFC 9110, section 15.5.6, demands a field Allow.", expected: "Allow: GET, HEAD",
      happened: show(reply.head))
  }
}
