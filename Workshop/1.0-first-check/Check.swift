import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the response starts with a status line") { statusLine() },
    Part("the response says how long its body is") { length() },
    Part("an empty line separates the header from the body") { emptyLine() },
  ]

  static let status = "HTTP/1.1 200 OK"

  /// The response as bytes: in a `String`, `\r\n` is a single character.
  static var bytes: [UInt8] { Array(response().utf8) }

  /// The lines, without the `\r\n` that ends each of them.
  static var lines: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
  }

  static func statusLine() {
    let start = Array(status.utf8)
    if !bytes.starts(with: start) {
      fail(
        "the response does not start with a status line",
        "A browser reads the status line first. It names the HTTP version and says whether the "
          + "request succeeded. Without it, the browser can't make sense of the rest.",
        expected: show(status + "\r\n") + " and more", happened: show(bytes))
    }
    let rest = bytes.dropFirst(start.count)
    expect(
      rest.first != UInt8(ascii: "\n"), "the status line ends with just \\n",
      "In HTTP, a line ends with \\r\\n. Many browsers accept \\n alone, but proxies between the "
        + "browser and the server often don't.",
      expected: show(status + "\r\n"), happened: show(Array(bytes.prefix(start.count + 1))))
    expect(
      rest.starts(with: Array("\r\n".utf8)), "the status line does not end right after OK",
      "In HTTP, a line ends with \\r\\n. Put it right after OK.", expected: show(status + "\r\n"),
      happened: show(bytes))
  }

  static func length() {
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-length:") }) else {
      fail(
        "the response does not say how long its body is",
        "The connection stays open for the next request, so the browser can't tell where the body "
          + "ends. Without a length, it waits for more of the body until it gives up.",
        expected: show("Content-Length: 5\r\n"), happened: show(bytes))
    }
    let value = String(line.drop { $0 != ":" }.dropFirst().filter { $0 != " " })
    expect(
      value == "5", "Content-Length is not the length of the body",
      "It must be the number of bytes after the empty line. If it's too large, the browser waits "
        + "for bytes that never come; if it's too small, it mistakes the rest of the body for "
        + "the start of the next response.",
      expected: show("Content-Length: 5"), happened: show(line))
  }

  static func emptyLine() {
    expect(
      bytes.suffix(9).elementsEqual(Array("\r\n\r\nHello".utf8)),
      "no empty line separates the header from the body",
      "An empty line ends the header section. Without it, the browser mistakes the body for "
        + "another header line.",
      expected: show("Content-Length: 5\r\n\r\nHello"), happened: show(bytes))
  }
}
