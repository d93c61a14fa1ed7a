import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a request that arrives in one piece") { whole() },
    Part("a request that arrives in two pieces, cut anywhere") { twoPieces() },
    Part("a request that drips in byte by byte") { drip() },
    Part("two requests in one piece") { together() },
    Part("three requests, cut anywhere") { everySplit() },
    Part("a client that leaves in the middle of a request") { leaves() },
  ]

  static let first = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
  static let second = "GET /chat HTTP/1.1\r\nHost: b\r\n\r\n"

  static func whole() {
    var reader = RequestReader(ScriptedSocket(reads: [.bytes(Array(first.utf8))]))
    expect(
      reader.next() != nil, "a request is there, and next() returns nil",
      "nil means that the client is done.")
    read(
      [first], expecting: [first], "the request is not what the client has sent")
  }

  static func twoPieces() {
    for cut in 1..<first.utf8.count {
      read(
        pieces(first, [cut]), expecting: [first],
        "a request that came in two pieces is not put together again",
        cut > first.utf8.count - 4
          ? "The end of a request, \\r\\n\\r\\n, can itself be cut. Look for it in everything you have kept, not in "
            + "what the last read has brought."
          : "One read is not one request: TCP is a stream. Read again until the request is complete."
      )
    }
  }

  static func drip() {
    let every = Array(1..<first.utf8.count)
    read(
      pieces(first, every), expecting: [first],
      "a request that came byte by byte is not put together again")
  }

  static func together() {
    read(
      [first + second], expecting: [first, second],
      "of two requests that came in one piece, not both are returned",
      "What is behind the first request is the beginning of the next one. Keep it, and look there before you read."
    )
  }

  static func everySplit() {
    let all = first + second + first
    for one in 1..<all.utf8.count - 1 {
      for other in one + 1..<all.utf8.count {
        read(
          pieces(all, [one, other]), expecting: [first, second, first],
          "three requests, cut after byte \(one) and byte \(other), are not put together again")
      }
    }
  }

  static func leaves() {
    read(
      [first, "GET /ch"], expecting: [first],
      "the client left in the middle of a request, and that is no request",
      "When read returns 0, what is there will never be complete.")
  }

  /// Lets the learner's code read a stream that arrives in these pieces, to its end.
  static func read(
    _ pieces: [String], expecting requests: [String], _ problem: String, _ why: String = ""
  ) {
    let socket = ScriptedSocket(reads: pieces.map { .bytes(Array($0.utf8)) })
    var reader = RequestReader(socket)
    var found: [String] = []
    while found.count <= requests.count, let request = reader.next() {
      found.append(String(decoding: request, as: UTF8.self))
    }
    expect(
      found, equals: requests, problem,
      found.contains { $0.contains("\0") }
        ? "These zeros are what was in the buffer before. Only the first bytes are the client's: as many as read says."
        : why)
  }

  /// The text, cut behind these bytes.
  static func pieces(_ text: String, _ cuts: [Int]) -> [String] {
    let bytes = Array(text.utf8)
    return zip([0] + cuts, cuts + [bytes.count]).map {
      String(decoding: bytes[$0..<$1], as: UTF8.self)
    }
  }
}
