import TestSupport
import Testing

@testable import WireProtocols

/// A body, followed by the next bytes of the connection.
struct Body: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let framing: Request.Framing
  let text: String
  var status = Status.badRequest

  init(
    _ name: String, _ text: String, _ status: Status = .badRequest,
    framing: Request.Framing = .chunked
  ) {
    (testDescription, self.text, self.status, self.framing) = (name, text, status, framing)
  }
}

/// Feeds a body piece by piece; the end is counted from the body's first byte.
func parseBody(
  _ framing: Request.Framing, _ input: [UInt8], cut: [Int]
) -> BodyParser.Outcome {
  var parser = BodyParser(framing)
  var start = 0
  for piece in pieces(of: input, cut: cut) {
    switch parser.parse(piece.span) {
    case .needMore: start += piece.count
    case .end(let end): return .end(start + end)
    case .refused(let status): return .refused(status)
    }
  }
  return .needMore
}

@Suite struct BodyParserTests {
  @Test("A body ends in the same place however it is cut", arguments: good)
  func ends(_ body: Body) {
    let count = body.text.utf8.count
    let input = bytes(body.text + "GET / HTTP/1.1\r\n")
    for cut in everyCut(of: input.count) {
      #expect(parseBody(body.framing, input, cut: cut) == .end(count), "cut at \(cut)")
    }
  }

  @Test("A body without its end needs more", arguments: good)
  func needsMore(_ body: Body) {
    for count in 0..<body.text.utf8.count {
      let input = Array(body.text.utf8.prefix(count))
      #expect(parseBody(body.framing, input, cut: []) == .needMore, "\(count) bytes")
    }
  }

  @Test("A malformed chunked body is refused in the same way, however it is cut", arguments: bad)
  func isRefused(_ body: Body) {
    let input = bytes(body.text)
    for cut in everyCut(of: input.count) {
      #expect(parseBody(.chunked, input, cut: cut) == .refused(body.status), "cut at \(cut)")
    }
  }

  @Test("A request without a body ends after its header section")
  func none() {
    #expect(parseBody(.none, bytes("GET"), cut: []) == .end(0))
    #expect(parseBody(.none, [], cut: []) == .end(0))
  }

  static let good: [Body] = [
    .init("white space before an extension", "5 ;a=b\r\nhello\r\n0\t ; c\r\n\r\n"),
    .init("five bytes", "hello", framing: .length(5)),
    .init("what looks like a request", "GET / HTTP/1.1\r\n\r\n", framing: .length(18)),
    .init("no chunk", "0\r\n\r\n"),
    .init("one chunk", "5\r\nhello\r\n0\r\n\r\n"),
    .init("chunks of one", "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"),
    .init("hexadecimal size", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"),
    .init("two digits", "10\r\n0123456789abcdef\r\n0\r\n\r\n"),
    .init("zeros before the size", "0000000000000005\r\nhello\r\n00\r\n\r\n"),
    .init("line ends within the data", "4\r\n\r\n\r\n\r\n0\r\n\r\n"),
    .init("extensions", "5;a\r\nhello\r\n0;b=\"c d\";e\r\n\r\n"),
    .init("trailers", "1\r\na\r\n0\r\nA: b\r\nContent-Length: 5\r\n\r\n"),
    .init("tab and text beyond ASCII in trailers", "0\r\nA:\t\u{E9}\r\n\r\n"),
  ]

  static let bad: [Body] = [
    .init("no size", "\r\n"),
    .init("bare LF after the size", "5\nhello\r\n0\r\n\r\n"),
    .init("CR without LF after the size", "5\rhello"),
    .init("bare LF after the data", "5\r\nhello\n0\r\n\r\n"),
    .init("CR without LF after the data", "5\r\nhello\r0\r\n\r\n"),
    .init("data longer than its size", "5\r\nhello!\r\n"),
    .init("data shorter than its size", "5\r\nhell\r\n0\r\n\r\n"),
    .init("minus", "-5\r\nhello\r\n"),
    .init("plus", "+5\r\nhello\r\n"),
    .init("0x", "0x5\r\nhello\r\n"),
    .init("letter that is not a digit", "g\r\n"),
    .init("space before the size", " 5\r\nhello\r\n"),
    .init("white space after the size", "5 \t \r\nhello\r\n"),
    .init("space and a digit", "5 5\r\nhello\r\n"),
    .init("space after the size", "5 \r\nhello\r\n"),
    .init("space between digits", "1 0\r\n"),
    .init("comma", "5,5\r\n"),
    .init("17 digits", "00000000000000005\r\n"),
    .init("an extension without a size", ";a\r\n"),
    .init("bare LF in an extension", "5;a\nhello"),
    .init("CR without LF after an extension", "5;a\rb"),
    .init("NUL in an extension", "5;\0\r\n"),
    .init("bare LF instead of the last line", "0\r\n\n"),
    .init("CR without LF as the last line", "0\r\n\r0"),
    .init("bare LF after a trailer", "0\r\nA: b\n\r\n"),
    .init("CR without LF after a trailer", "0\r\nA: b\rC"),
    .init("obs-fold as the first trailer", "0\r\n a\r\n\r\n"),
    .init("obs-fold after a trailer", "0\r\nA: b\r\n\tc\r\n\r\n"),
    .init("NUL in a trailer", "0\r\nA: \0\r\n\r\n"),
    .init("DEL in a trailer", "0\r\nA: \u{7F}\r\n\r\n"),
    .init("a trailer without a colon", "0\r\nAb\r\n\r\n"),
    .init("a trailer without a name", "0\r\n: b\r\n\r\n"),
    .init("a trailer with a space before its colon", "0\r\nA : b\r\n\r\n"),
    .init("size of 1 MiB and one", "100001\r\n", .contentTooLarge),
    .init("size of 2^32 + 5", "100000005\r\n", .contentTooLarge),
    .init("size of 2^64 - 1", "FFFFFFFFFFFFFFFF\r\n", .contentTooLarge),
  ]
}

@Suite struct BodyLimitTests {
  /// Returns chunks of these sizes, and the end.
  private static func chunks(_ sizes: [Int]) -> [UInt8] {
    sizes.flatMap { size in
      bytes(String(size, radix: 16) + "\r\n") + [UInt8](repeating: 1, count: size) + bytes("\r\n")
    } + bytes("0\r\n\r\n")
  }

  @Test(
    "Chunks may add up to 1 MiB and no more",
    arguments: [[1 << 20], [1 << 19, 1 << 19], [1, (1 << 20) - 2, 1]])
  func total(_ sizes: [Int]) {
    let longest = Self.chunks(sizes)
    for cut in [[], Array(stride(from: 4095, to: longest.count, by: 4095))] {
      #expect(parseBody(.chunked, longest, cut: cut) == .end(longest.count))
      let over = Self.chunks(sizes + [1])
      #expect(parseBody(.chunked, over, cut: cut) == .refused(.contentTooLarge))
    }
  }

  @Test("Extensions and trailers together may have 16 KiB at most")
  func extra() {
    let extensions = ";" + String(repeating: "e", count: 384)
    let trailer = "t:" + String(repeating: "t", count: 15_998)
    let longest = bytes("1\(extensions)\r\na\r\n0\r\n\(trailer)\r\n\r\n")
    let over = bytes("1\(extensions)e\r\na\r\n0\r\n\(trailer)\r\n\r\n")
    for cut in [[], Array(1..<longest.count)] {
      #expect(parseBody(.chunked, longest, cut: cut) == .end(longest.count))
      #expect(parseBody(.chunked, over, cut: cut) == .refused(.requestHeaderFieldsTooLarge))
    }
  }

  @Test("Every chunk of one byte is counted")
  func manyChunks() {
    let chunk = bytes("1\r\na\r\n")
    let most = Array(repeatElement(chunk, count: 1 << 20).joined())
    #expect(parseBody(.chunked, most, cut: []) == .needMore)
    #expect(parseBody(.chunked, most + chunk, cut: []) == .refused(.contentTooLarge))
  }
}
