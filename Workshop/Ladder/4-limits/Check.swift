import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("bytes that are not a request are answered with 400") { garbage() },
    Part("HTTP/1.1 without `Host`, or with two `Host` fields, is answered with 400") { host() },
    Part("a field with a space before its colon is answered with 400") { space() },
    Part("a request with both `Content-Length` and `Transfer-Encoding` is answered with 400") {
      smuggling()
    },
    Part("a `Content-Length` that is not a number is answered with 400") { length() },
    Part("a transfer coding other than chunked is answered with 501") { coding() },
    Part("HTTP/2.0 is answered with 505") { version() },
    Part("a target of more than 8 KiB is answered with 414") { target() },
    Part("a header of more than 16 KiB is answered with 431") { header() },
    Part("a body of more than 1 MiB is answered with 413") { body() },
    Part("after all that, the next client is served") { next() },
  ]

  static func refuse(_ text: String, _ status: Int, _ problem: String, _ why: String) {
    Program().connect("A").expectRefusal(text, status, problem, why)
  }

  static func garbage() {
    refuse(
      "HELLO\r\n\r\n", 400, "bytes that are not a request did not get a 400",
      "A request line has a method, a target and a version. If one of them is missing, answer 400 "
        + "and close the connection.")
  }

  static func host() {
    refuse(
      "GET / HTTP/1.1\r\n\r\n", 400, "a request without Host did not get a 400",
      "A request in HTTP/1.1 needs a Host field. Without one, the answer must be 400 (RFC 9112, "
        + "section 3.2).")
    refuse(
      request("/", "Host: other"), 400, "a request with two Host fields did not get a 400",
      "A proxy could use one of the two fields, and the server the other.")
  }

  static func space() {
    refuse(
      "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400,
      "a space before the colon did not get a 400",
      "If a proxy and a server read such a field differently, an attacker can send one request "
        + "that means two different things (RFC 9112, section 5.1)."
    )
  }

  static func smuggling() {
    refuse(
      request(
        "/", "Content-Length: 3", "Transfer-Encoding: chunked", method: "POST", body: "0\r\n\r\n"),
      400, "a request with both Content-Length and Transfer-Encoding did not get a 400",
      "A proxy may use one of the fields and the server the other. Then part of one client's body "
        + "becomes another client's request. This attack is called request smuggling.")
  }

  static func length() {
    for value in ["five", "-1", "5, 6"] {
      refuse(
        request("/", "Content-Length: \(value)", method: "POST", body: "Hello"), 400,
        "Content-Length: \(value) did not get a 400",
        "The server cannot tell where this body ends, so it cannot find the next request.")
    }
  }

  static func coding() {
    refuse(
      request("/", "Transfer-Encoding: gzip, chunked", method: "POST", body: "0\r\n\r\n"), 501,
      "a transfer coding other than chunked did not get a 501",
      "The server cannot decode this body, and 501 says that it does not support the coding.")
  }

  static func version() {
    refuse(
      request(version: "HTTP/2.0"), 505, "HTTP/2.0 in a request line did not get a 505",
      "A server must refuse a major version that it does not support (RFC 9110, section 15.6.6).")
  }

  static func target() {
    refuse(
      request("/" + String(repeating: "a", count: 9000)), 414,
      "a target of 9,000 bytes did not get a 414",
      "Without a limit, a single client decides how much memory the server uses.")
  }

  static func header() {
    refuse(
      request("/", "X: " + String(repeating: "a", count: 17_000)), 431,
      "a header of 17,000 bytes did not get a 431",
      "Without a limit, a single client decides how much memory the server uses.")
  }

  static func body() {
    refuse(
      request("/", "Content-Length: 2000000", method: "POST"), 413,
      "a body of 2,000,000 bytes did not get a 413",
      "The server can refuse as soon as it has read the length, before any of the body arrives.")
  }

  static func next() {
    let server = Program()
    server.connect("A").send("HELLO\r\n\r\n")
    let client = server.connect("B")
    client.send(request())
    client.expectReply(200, body: "Hello", "after a refusal, the next client was not served")
  }
}
