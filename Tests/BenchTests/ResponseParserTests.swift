import Testing

@testable import bench

/// What the parser makes of bytes, however they are cut into pieces.
struct ResponseParserTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let bytes: String
    var toHEAD = false
    let progress: ResponseParser.Progress
    var status: Int? = 200
    var body = 5
    var isPersistent = true
    var testDescription: String { bytes.debugDescription }
  }

  static let wellFormed: [Example] = [
    Example(bytes: Answers.hello, progress: .complete),
    Example(bytes: Answers.chunked, progress: .complete),
    Example(bytes: Answers.closing, progress: .complete, isPersistent: false),
    Example(bytes: Answers.untilClose, progress: .more, isPersistent: false),
    Example(bytes: Answers.truncated, progress: .more, body: 3),
    Example(bytes: Answers.headOnly, toHEAD: true, progress: .complete, body: 0),
    Example(bytes: Answers.error, progress: .complete, status: 500, body: 3),
    Example(bytes: "HTTP/1.1 100 Continue\r\n\r\n" + Answers.hello, progress: .complete),
    Example(
      bytes: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      progress: .complete, status: 204, body: 0),
    Example(
      bytes: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", progress: .complete,
      status: 304, body: 0),
    Example(
      bytes: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", progress: .complete,
      status: 101, body: 0, isPersistent: false),
    Example(
      bytes: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello", progress: .complete,
      isPersistent: false),
    Example(
      bytes: "HTTP/1.0 200 OK\r\nCONNECTION: Keep-Alive\r\ncontent-length:5 \r\n\r\nHello",
      progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nConnection: foo , Close\r\nContent-Length: 5\r\n\r\nHello",
      progress: .complete, isPersistent: false),
    Example(bytes: "HTTP/1.1 200 OK\nContent-Length: 5\n\nHello", progress: .complete),
    Example(bytes: "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nHello", progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nHello",
      progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nContent-Length: 5 , 5\r\n\r\nHello", progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nX: a\r\n  folded\r\nContent-Length: 5\r\n\r\nHello",
      progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
        + "5\r\nHello\r\n0\r\n\r\n", progress: .complete),
    Example(
      bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nHello", progress: .more,
      isPersistent: false),
  ]

  static let malformed: [String] = [
    "SSH-2.0-OpenSSH", "hello", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 99 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n",
    "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1200 OK   \r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHelloo",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1111111111111111\r\n",
  ]

  @Test(arguments: wellFormed)
  func readsAResponseSplitAnywhere(_ example: Example) {
    let bytes = Array(example.bytes.utf8)
    for split in 0...bytes.count {
      expect(example, pieces: [bytes[..<split], bytes[split...]])
    }
    expect(example, pieces: bytes.indices.map { bytes[$0...$0] })
  }

  @Test(arguments: malformed)
  func refusesWhatIsNotHTTPWhereverItIsSplit(_ text: String) {
    let bytes = Array(text.utf8)
    for split in 0...bytes.count {
      withParser { parser in
        #expect(parser.receive(all: [bytes[..<split], bytes[split...]]) == .malformed)
      }
    }
  }

  @Test func refusesBytesBehindTheEnd() {
    for answer in [Answers.hello, Answers.chunked] {
      withParser { parser in
        #expect(parser.receive(all: [Array((answer + "x").utf8)[...]]) == .malformed)
      }
    }
  }

  @Test func refusesAHeadThatNeverEnds() {
    let line = Array("X-Padding: 0123456789\r\n".utf8)
    withParser { parser in
      #expect(parser.receive(all: [Array("HTTP/1.1 200 OK\r\n".utf8)[...]]) == .more)
      var lines = 0
      while parser.receive(line.span) == .more { lines += 1 }
      #expect(lines * line.count < HeadStore.headCapacity)
    }
  }

  private func expect(_ example: Example, pieces: [ArraySlice<UInt8>]) {
    withParser(toHEAD: example.toHEAD) { parser in
      #expect(parser.receive(all: pieces) == example.progress)
      #expect(parser.head?.status == example.status)
      #expect(parser.bodyBytes == example.body)
      #expect(parser.head?.isPersistent == example.isPersistent)
      #expect(parser.isCompleteAtEnd() == (parser.head?.framing == .untilClose))
    }
  }

  private func withParser(toHEAD: Bool = false, _ body: (inout ResponseParser) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: HeadStore.headCapacity) {
      var parser = ResponseParser(headStore: $0, toHEAD: toHEAD)
      body(&parser)
    }
  }
}

extension ResponseParser {
  /// Stops at the first result that is not `more`, as the loop does, unless bytes are left.
  fileprivate mutating func receive(all pieces: [ArraySlice<UInt8>]) -> Progress {
    var progress = Progress.more
    for piece in pieces where !piece.isEmpty {
      if progress != .more { return progress }
      progress = receive(Array(piece).span)
    }
    return progress
  }
}
