import TestSupport
import Testing

@testable import WireProtocols

@Suite struct RequestLimitTests {
  /// A request whose target has this many bytes.
  private static func target(of count: Int, method: String = "GET") -> [UInt8] {
    bytes(line("\(method) /\(String(repeating: "a", count: count - 1)) HTTP/1.1"))
  }

  /// A request whose header section has this many bytes: one long field, or many short ones.
  private static func headerSection(of count: Int, inFields size: Int) -> [UInt8] {
    var text = "GET / HTTP/1.1\r\nHost: h\r\n"
    while text.utf8.count + 2 < count {
      let room = count - 2 - text.utf8.count
      // Five bytes are the shortest field, so the one before it leaves as many.
      let length = room >= size + 5 ? size : room
      text += "a:" + String(repeating: "b", count: length - 4) + "\r\n"
    }
    return bytes(text + "\r\n")
  }

  private static func outcome(_ input: [UInt8], _ cut: [Int]) -> RequestParser.Outcome {
    switch ParsedRequest(input, cut: cut) {
    case .needMore: .needMore
    case .refused(let status): .refused(status)
    case .request(_, let end): .request(end: end)
    }
  }

  @Test(
    "A target of 8 KiB is accepted; one byte more is 414", arguments: ["GET", "HEAD", "OPTIONS"])
  func target(_ method: String) {
    let longest = Self.target(of: 8192, method: method)
    for cut in someCuts(of: longest.count, step: 509) {
      #expect(Self.outcome(longest, cut) == .request(end: longest.count))
    }
    let tooLong = Self.target(of: 8193, method: method)
    for cut in someCuts(of: tooLong.count, step: 509) {
      #expect(Self.outcome(tooLong, cut) == .refused(.uriTooLong))
    }
  }

  @Test("A header section of 16 KiB is accepted; one byte more is 431", arguments: [40, 16 * 1024])
  func headerSection(fieldSize: Int) {
    let longest = Self.headerSection(of: 16384, inFields: fieldSize)
    #expect(longest.count == 16384)
    for cut in someCuts(of: longest.count, step: 1021) {
      #expect(Self.outcome(longest, cut) == .request(end: longest.count))
    }
    let tooLong = Self.headerSection(of: 16385, inFields: fieldSize)
    #expect(tooLong.count == 16385)
    for cut in someCuts(of: tooLong.count, step: 1021) {
      #expect(Self.outcome(tooLong, cut) == .refused(.requestHeaderFieldsTooLarge))
    }
  }

  @Test("Bytes after the header section do not count")
  func pipelined() {
    let longest = Self.headerSection(of: 16384, inFields: 40)
    #expect(Self.outcome(longest + longest, []) == .request(end: 16384))
  }

  @Test("A request line that never ends is refused with 414")
  func endlessRequestLine() {
    let line = bytes("GET /" + String(repeating: "a", count: 8300))
    for cut in [[], Array(1..<line.count)] {
      #expect(Self.outcome(line, cut) == .refused(.uriTooLong))
    }
    #expect(Self.outcome(Array(line.prefix(8192 + 5)), []) == .needMore)
  }

  @Test("A field that never ends is refused with 431 at 16 KiB")
  func endlessField() {
    let field = bytes("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 16384))
    #expect(Self.outcome(Array(field.prefix(16384)), []) == .needMore)
    let over = Array(field.prefix(16385))
    for cut in [[], Array(1..<over.count)] {
      #expect(Self.outcome(over, cut) == .refused(.requestHeaderFieldsTooLarge))
    }
  }

  /// RFC 9112 section 3.
  @Test("A method that is too long is refused with 501, however it is cut")
  func longMethod() {
    let line = bytes(String(repeating: "M", count: 9000))
    for input in [line, line + bytes(" / HTTP/1.1\r\nHost: h\r\n\r\n")] {
      for cut in [[], [1], [8255], [8256], Array(1..<input.count)] {
        #expect(Self.outcome(input, cut) == .refused(.notImplemented))
      }
    }
  }

  @Test("Empty lines before a request count")
  func emptyLines() {
    let lines = bytes(String(repeating: "\r\n", count: 8192))
    #expect(Self.outcome(lines, []) == .needMore)
    #expect(Self.outcome(lines + bytes("\r\n"), []) == .refused(.requestHeaderFieldsTooLarge))
  }

  /// Every byte that the parser has seen is replaced by a line feed, which it would refuse if it
  /// looked again. So each line is searched once, and read once when it is complete: linear time.
  @Test("A request that arrives byte by byte is never searched twice")
  func linearTime() {
    let input = Self.headerSection(of: 16384, inFields: 1000)
    var parser = RequestParser()
    var seen = [UInt8](repeating: Ascii.lineFeed, count: input.count)
    var lineStart = 0
    for (index, byte) in input.enumerated() {
      seen[index] = byte
      let endsLine = byte == Ascii.lineFeed
      if endsLine { seen[lineStart..<index] = input[lineStart..<index] }
      let outcome = parser.parse(seen.span.extracting(...index))
      let isLast = index == input.count - 1
      #expect(outcome == (isLast ? .request(end: input.count) : .needMore))
      // The CR before a line feed is looked at together with it, so it is replaced only when its
      // line is done.
      if endsLine {
        for place in lineStart...index { seen[place] = Ascii.lineFeed }
        lineStart = index + 1
      } else {
        seen[index] = Ascii.lineFeed
      }
    }
  }
}
