import TestSupport
import Testing

@testable import WireProtocols

@Suite struct ResponseTests {
  private static let hello = Response(
    .ok, server: "03-Epoll", fields: "X: y\r\n", body: bytes("Hello"))

  private static func head(_ connection: String) -> String {
    "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: 03-Epoll\r\n"
      + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\nX: y\r\n"
      + connection + "\r\n"
  }

  @Test(
    "The head says whether the connection stays open",
    arguments: [
      (Response.Persistence.keepAlive, ""),
      (.keepAliveHTTP10, "Connection: keep-alive\r\n"),
      (.close, "Connection: close\r\n"),
    ])
  func persistence(_ persistence: Response.Persistence, _ connection: String) {
    var output = OutputBuffer()
    output.date = HTTPDate(secondsSince1970: 784_111_777)
    Self.hello.append(to: &output, persistence)
    #expect(text(output.bytes) == Self.head(connection) + "Hello")
  }

  @Test("The answer to HEAD is the same head without the body")
  func headOnly() {
    var output = OutputBuffer()
    output.date = HTTPDate(secondsSince1970: 784_111_777)
    Self.hello.append(to: &output, .keepAlive, headOnly: true)
    #expect(text(output.bytes) == Self.head(""))
  }

  @Test("Responses are appended, each with its own date")
  func appended() {
    var output = OutputBuffer()
    output.date = HTTPDate(secondsSince1970: 784_111_777)
    output.append("before")
    Self.hello.append(to: &output, .keepAlive)
    output.date = HTTPDate(secondsSince1970: 0)
    Self.hello.append(to: &output, .keepAlive)
    let later = Self.head("").replacing(
      "Sun, 06 Nov 1994 08:49:37", with: "Thu, 01 Jan 1970 00:00:00")
    #expect(text(output.bytes) == "before" + Self.head("") + "Hello" + later + "Hello")
  }

  @Test("The body of an error is its reason phrase")
  func error() {
    var output = OutputBuffer()
    output.date = HTTPDate(secondsSince1970: 784_111_777)
    Response(.notFound, server: "03-Epoll").append(to: &output, .close)
    #expect(text(output.bytes).hasPrefix("HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994"))
    #expect(
      text(output.bytes).hasSuffix("Content-Length: 14\r\nConnection: close\r\n\r\n404 Not Found\n")
    )
  }

  @Test(
    "Status lines have the registered reason phrases",
    arguments: [
      (Status.switchingProtocols, "101 Switching Protocols"), (.ok, "200 OK"),
      (.badRequest, "400 Bad Request"), (.notFound, "404 Not Found"),
      (.methodNotAllowed, "405 Method Not Allowed"), (.requestTimeout, "408 Request Timeout"),
      (.contentTooLarge, "413 Content Too Large"), (.uriTooLong, "414 URI Too Long"),
      (.expectationFailed, "417 Expectation Failed"), (.upgradeRequired, "426 Upgrade Required"),
      (.requestHeaderFieldsTooLarge, "431 Request Header Fields Too Large"),
      (.notImplemented, "501 Not Implemented"), (.serviceUnavailable, "503 Service Unavailable"),
      (.httpVersionNotSupported, "505 HTTP Version Not Supported"),
    ])
  func reason(_ status: Status, _ expected: String) {
    #expect("\(status.rawValue) \(status.reason)" == expected)
  }
}

@Suite struct HTTPDateTests {
  @Test(
    "Dates are written as IMF-fixdate",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),  // The example of RFC 9110.
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
      (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
      (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
      (1_735_689_600, "Wed, 01 Jan 2025 00:00:00 GMT"),
      (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),  // 2100 is not a leap year.
      (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
  func format(_ seconds: Int, _ expected: String) {
    let date = HTTPDate(secondsSince1970: seconds)
    #expect(text(date.bytes.indices.map { date.bytes[$0] }) == expected)
  }

  @Test("Every month and every day of the week has its English name")
  func names() {
    let monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(separator: " ")
    for (day, month) in zip(monthStarts, months) {
      let date = HTTPDate(secondsSince1970: day * 86400)
      #expect(text((8..<11).map { date.bytes[$0] }) == month)
    }
    for (day, name) in "Thu Fri Sat Sun Mon Tue Wed".split(separator: " ").enumerated() {
      let date = HTTPDate(secondsSince1970: day * 86400)
      #expect(text((0..<3).map { date.bytes[$0] }) == name)
    }
  }
}
