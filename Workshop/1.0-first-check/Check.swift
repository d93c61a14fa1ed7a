import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the response begins with a status line") { statusLine() },
    Part("it says how long the body is") { length() },
    Part("an empty line separates the header from the body") { emptyLine() },
  ]

  static let status = "HTTP/1.1 200 OK"

  /// By code units: in a `String`, "\r\n" is a single character.
  static var bytes: [UInt8] { Array(response().utf8) }

  /// The lines, without their ends.
  static var lines: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
  }

  static func statusLine() {
    let start = Array(status.utf8)
    if !bytes.starts(with: start) {
      fail(
        "the response does not begin with a status line",
        "A browser reads the status line first: it says which version of HTTP this is, and whether "
          + "the request succeeded. What follows means nothing without it.",
        expected: show(status + "\r\n") + " and more", happened: show(bytes))
    }
    let rest = bytes.dropFirst(start.count)
    expect(
      rest.first != UInt8(ascii: "\n"), "the status line ends with \\n alone",
      "In HTTP a line ends with \\r\\n. Many browsers forgive this, and servers in between do not.",
      expected: show(status + "\r\n"), happened: show(Array(bytes.prefix(start.count + 1))))
    expect(
      rest.starts(with: Array("\r\n".utf8)), "the status line does not end after OK",
      "A line ends with \\r\\n.", expected: show(status + "\r\n"), happened: show(bytes))
  }

  static func length() {
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-length:") }) else {
      fail(
        "the response does not say how long its body is",
        "The connection stays open for the next request. Without a length the browser waits for "
          + "more of the body, until it gives up.",
        expected: show("Content-Length: 5\r\n"), happened: show(bytes))
    }
    let value = String(line.drop { $0 != ":" }.dropFirst().filter { $0 != " " })
    expect(
      value == "5", "Content-Length does not count the body",
      "It is the number of bytes after the empty line. If it is larger, the browser waits for the "
        + "rest; if it is smaller, it takes the rest for the next response.",
      expected: show("Content-Length: 5"), happened: show(line))
  }

  static func emptyLine() {
    expect(
      bytes.suffix(9).elementsEqual(Array("\r\n\r\nHello".utf8)),
      "no empty line separates the header from the body",
      "The header ends with an empty line. Without it, the body is another line of the header.",
      expected: show("Content-Length: 5\r\n\r\nHello"), happened: show(bytes))
  }
}
