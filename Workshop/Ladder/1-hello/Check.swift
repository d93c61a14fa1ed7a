import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("`GET /` is answered with 200 and the body `Hello`") { hello() },
    Part("the header says how long the body is") { length() },
    Part("`HEAD /` is answered with the same header and no body") { head() },
    Part("a path that does not exist is answered with 404") { unknownPath() },
    Part("another method is answered with 405, and `Allow` names the methods that work") {
      method()
    },
  ]

  static func hello() {
    let client = Program().connect("A")
    client.send(request())
    client.expectReply(
      200, body: "Hello", "GET / did not get the response Hello",
      "A response is a status line, header fields, an empty line and the body. Each line ends with "
        + "\\r\\n, and Content-Length says how long the body is.")
  }

  static func length() {
    let client = Program().connect("A")
    client.send(request())
    let reply = client.expectReply(200, "GET / did not get a 200")
    expect(
      reply.field("Content-Length") == "5",
      "the header of the response did not say how long the body is",
      "Without Content-Length, the client cannot find the end of the body until the connection "
        + "closes, so it cannot send another request on it.",
      expected: "Content-Length: 5", happened: show(reply.head))
  }

  static func head() {
    let client = Program().connect("A")
    client.send(request("/", "Connection: close", method: "HEAD"))
    let text = client.rest()
    expect(
      text.hasPrefix("HTTP/1.1 200 "), "HEAD / did not get a 200",
      "HEAD asks for the same header that GET would get (RFC 9110, section 9.3.2).",
      expected: "HTTP/1.1 200 OK", happened: show(text))
    expect(
      text.hasSuffix("\r\n\r\n"), "the response to HEAD has a body",
      "The client expects no body here, so it mistakes the body for the start of the next "
        + "response.",
      expected: "nothing after the empty line", happened: show(text))
  }

  static func unknownPath() {
    let client = Program().connect("A")
    client.send(request("/no-such-page"))
    client.expectReply(
      404, "a path that does not exist did not get a 404",
      "A client that asks for a page that does not exist must not get another page instead.")
  }

  static func method() {
    let client = Program().connect("A")
    client.send(request(method: "DELETE"))
    let reply = client.expectReply(
      405, "DELETE / did not get a 405",
      "The path exists, but it does not support this method. The status for that is 405.")
    expect(
      reply.field("Allow") != nil, "a 405 did not say which methods work",
      "A 405 response must have an Allow field (RFC 9110, section 15.5.6).",
      expected: "Allow: GET, HEAD",
      happened: show(reply.head))
  }
}
