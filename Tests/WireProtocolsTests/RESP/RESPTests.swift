import TestSupport
import Testing

@testable import WireProtocols

@Suite struct RESPTests {
  /// Everything that comes of these bytes, delivered in these pieces: values, then perhaps an error.
  private static func read(
    _ bytes: [UInt8], cut: [Int] = [], maxSize: Int = 1 << 20, maxString: Int = .max
  ) -> ([RESPValue], RESPError?) {
    var parser = RESPParser(maxSize: maxSize, maxString: maxString)
    var values: [RESPValue] = []
    for piece in pieces(of: bytes, cut: cut) {
      var index = 0
      do throws(RESPError) {
        while let value = try parser.next(piece.span, &index) { values.append(value) }
      } catch { return (values, error) }
    }
    return (values, nil)
  }

  private static func string(_ text: String) -> RESPValue { .string(bytes(text)) }

  static let examples: [(String, RESPValue)] = [
    ("+OK\r\n", string("OK")), ("+\r\n", string("")),
    ("-ERR no such key\r\n", .error("ERR no such key")),
    (":0\r\n", .integer(0)), (":-12\r\n", .integer(-12)), (":+7\r\n", .integer(7)),
    (":-9223372036854775808\r\n", .integer(.min)),
    ("$5\r\nhello\r\n", string("hello")), ("$0\r\n\r\n", string("")), ("$-1\r\n", .null),
    ("$4\r\n\r\n\r\n\r\n", string("\r\n\r\n")), ("*0\r\n", .array([])), ("*-1\r\n", .null),
    ("*2\r\n:1\r\n$1\r\na\r\n", .array([.integer(1), string("a")])),
    ("_\r\n", .null), ("#t\r\n", .integer(1)), ("#f\r\n", .integer(0)),
    (",3.5\r\n", string("3.5")), ("(123456789012345678901\r\n", string("123456789012345678901")),
    ("!9\r\nERR wrong\r\n", .error("ERR wrong")), ("=7\r\ntxt:abc\r\n", string("abc")),
    ("%1\r\n+a\r\n:1\r\n", .map([string("a"), .integer(1)])), ("%0\r\n", .map([])),
    ("~2\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    (
      ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
      .push([string("invalidate"), .array([string("k")])])
    ),
    ("|1\r\n+ttl\r\n:3\r\n:5\r\n", .integer(5)),
    ("*2\r\n|1\r\n+ttl\r\n:3\r\n:5\r\n:6\r\n", .array([.integer(5), .integer(6)])),
    (
      "%1\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n+f\r\n+v\r\n",
      .map([
        string("s"),
        .array([.array([string("1-1"), .array([string("f"), string("v")])])]),
      ])
    ),
  ]

  @Test(arguments: examples)
  func `a value is read however its bytes are cut`(text: String, expected: RESPValue) {
    for cut in everyCut(of: text.utf8.count) {
      let (values, error) = Self.read(bytes(text), cut: cut)
      #expect(values == [expected] && error == nil, "\(cut)")
    }
  }

  @Test func `values that arrive together are read one after the other`() {
    let text = Self.examples.map(\.0).joined()
    let (values, error) = Self.read(bytes(text))
    #expect(values == Self.examples.map(\.1) && error == nil)
  }

  @Test(arguments: [
    "x\r\n", "\r\n", "+OK\n", ":\r\n", ":1x\r\n", "#x\r\n", "_x\r\n", "$-2\r\n", "*-2\r\n",
    "$2\r\nabc\r\n", "$x\r\n", "HTTP/1.1 400 Bad Request\r\n", "*1\r\n?\r\n",
  ])
  func `bytes that are not RESP are refused however they are cut`(text: String) {
    for cut in everyCut(of: text.utf8.count) {
      let (values, error) = Self.read(bytes(text), cut: cut)
      #expect(values.isEmpty && error == .malformed, "\(cut)")
    }
  }

  @Test(arguments: [
    "$1001\r\n", "*1000\r\n", "%9223372036854775807\r\n", "*9223372036854775807\r\n",
    "*2\r\n$600\r\n\(String(repeating: "x", count: 600))\r\n$600\r\n",
    "+\(String(repeating: "x", count: 1001))\r\n",
  ])
  func `a value that needs more memory than allowed is refused before it is kept`(text: String) {
    #expect(Self.read(bytes(text), maxSize: 1000).1 == .tooLarge)
  }

  @Test func `a string that is too long is null, and needs no memory`() {
    let text = "*3\r\n$5\r\nhello\r\n$6\r\n123\r\n4\r\n:7\r\n"
    let expected = RESPValue.array([Self.string("hello"), .null, .integer(7)])
    for cut in everyCut(of: text.utf8.count) {
      let (values, error) = Self.read(bytes(text), cut: cut, maxString: 5)
      #expect(values == [expected] && error == nil, "\(cut)")
    }
    let long = "$5000\r\n\(String(repeating: "x", count: 5000))\r\n"
    #expect(Self.read(bytes(long), maxSize: 1000, maxString: 500).0 == [.null])
    #expect(Self.read(bytes("$\(Int.max)\r\n"), maxString: 500).1 == .tooLarge)
  }

  @Test func `ids of messages are compared as numbers`() {
    #expect(StreamMessage.isEarlier("0-0", "1700000000000-0"))
    #expect(StreamMessage.isEarlier("9-5", "10-0") && StreamMessage.isEarlier("1-9", "1-10"))
    #expect(!StreamMessage.isEarlier("1-9", "1-9") && !StreamMessage.isEarlier("10-0", "9-5"))
  }

  @Test func `the limit holds for each value, not for all together`() {
    let text = String(repeating: "$900\r\n\(String(repeating: "x", count: 900))\r\n", count: 5)
    let (values, error) = Self.read(bytes(text), maxSize: 1000)
    #expect(values.count == 5 && error == nil)
  }

  @Test func `a line without an end is refused`() {
    let text = "+" + String(repeating: "x", count: RESPParser.maxLine)
    #expect(Self.read(bytes(text)).1 == .tooLarge)
    #expect(Self.read(bytes(text), cut: [1, 5, 9000]).1 == .tooLarge)
  }

  @Test func `nesting without end is refused`() {
    let deepest = String(repeating: "*1\r\n", count: RESPParser.maxDepth) + ":1\r\n"
    #expect(Self.read(bytes(deepest)).0.count == 1)
    #expect(Self.read(bytes("*1\r\n" + deepest)).1 == .tooDeep)
  }

  @Test func `a reply tells a map's values and a stream's messages, also one that is not ours`() {
    let ours = "*2\r\n+1-0\r\n*2\r\n+7\r\n+hi\r\n"
    let other = "*2\r\n+1-1\r\n*4\r\n+a\r\n+b\r\n+c\r\n+d\r\n"
    let expected = [
      StreamMessage(id: "1-0", field: "7", bytes: bytes("hi")),
      StreamMessage(id: "1-1", field: "", bytes: []),
    ]
    let reply = "%1\r\n+stream\r\n*2\r\n\(ours)\(other)"
    #expect(Self.read(bytes(reply)).0.first?.messages == expected)
    #expect(Self.read(bytes("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n")).0.first?["b"] == .integer(2))
    for reply in ["_\r\n", "*0\r\n", "-ERR\r\n", ":1\r\n", "%0\r\n", "*1\r\n+x\r\n"] {
      #expect(Self.read(bytes(reply)).0.first?.messages == [])
    }
  }

  @Test func `a command is an array of strings, and its payload may be any bytes`() {
    var output = OutputBuffer()
    RESPEncoder.append(["SET", "kéy"], [0, 13, 10, 255], to: &output)
    #expect(
      output.bytes == bytes("*3\r\n$3\r\nSET\r\n$4\r\nkéy\r\n$4\r\n") + [0, 13, 10, 255, 13, 10])
    output.removeAll()
    RESPEncoder.append(["PING"], to: &output)
    #expect(output.bytes == bytes("*1\r\n$4\r\nPING\r\n"))
  }
}
