import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a request that arrives in one piece") { whole() },
    Part("a request that arrives in two pieces, cut anywhere") { twoPieces() },
    Part("a request that drips in byte by byte") { drip() },
    Part("two requests in one piece") { together() },
    Part("three requests, cut anywhere") { everySplit() },
    Part("a request is returned as soon as it is complete") { atOnce() },
    Part("two clients, one after the other") { twoClients() },
    Part("a client that leaves in the middle of a request") { leaves() },
    Part("only \\r\\n\\r\\n ends a request") { otherEnds() },
    Part("bytes that are no text, and requests larger than the buffer") { anyBytes() },
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
          ? "The end of a request, \\r\\n\\r\\n, can itself be cut. Look for it in everything you "
            + "have kept, not only in what "
            + "the last read delivered."
          : "One read is not one request: TCP is a stream. Read again until the request is "
            + "complete."
      )
    }
  }

  static func drip() {
    let every = Array(1..<first.utf8.count)
    read(
      pieces(first, every), expecting: [first],
      "a request that came byte by byte is not put together again",
      "The end of a request may arrive in four pieces. Look for it in everything you have kept.")
  }

  static func together() {
    read(
      [first + second], expecting: [first, second],
      "of two requests that came in one piece, not both are returned",
      "What follows the first request is the beginning of the next one. Keep it, and look there "
        + "before you read."
    )
  }

  static func everySplit() {
    let all = first + second + first
    for one in 1..<all.utf8.count - 1 {
      for other in one + 1..<all.utf8.count {
        read(
          pieces(all, [one, other]), expecting: [first, second, first],
          "three requests, cut after byte \(one) and byte \(other), are not put together again",
          "What is kept after a request, and what the next read delivers, belong together in this "
            + "order."
        )
      }
    }
  }

  /// The client waits for its reply before it sends the next request: a read that is one too many
  /// waits forever.
  static func atOnce() {
    let all = [[first, second], [first + second], ["GET", String(first.dropFirst(3)), second]]
    for (pieces, reads) in zip(all, [[1, 2], [1, 1], [2, 3]]) {
      let socket = ScriptedSocket(reads: pieces.map { .bytes(Array($0.utf8)) })
      var reader = RequestReader(socket)
      for count in reads {
        _ = reader.next()
        expect(
          socket.calls, equals: count, "a request is complete, and next() reads on",
          "The client waits for the reply before it sends more, so this read waits forever. Look "
            + "at what is there before you "
            + "read.")
      }
    }
  }

  static func leaves() {
    for part in ["GET /ch", "GET / HTTP/1.1\r\nHost: a\r\n\r"] {
      read(
        [first, part], expecting: [first],
        "the client left in the middle of a request, and that is no request",
        "When read returns 0, the rest will never come.")
    }
  }

  static func otherEnds() {
    for end in ["\n\n", "\r\n\n", "\n\r\n", "\r\r", "\r\n \r\n"] {
      let request = "GET / HTTP/1.1\r\nX: a\(end)Y: b\r\nHost: a\r\n\r\n"
      let every = Array(1..<request.utf8.count)
      for pieces in [[request + second], pieces(request, every) + [second]] {
        read(
          pieces, expecting: [request, second],
          "\(show(end)) inside a request was taken for its end",
          "A proxy in front of this server looks for \\r\\n\\r\\n only. If the two disagree on "
            + "where a request ends, a client can hide "
            + "a second request in the first one (request smuggling).")
      }
    }
  }

  static func anyBytes() {
    let text =
      Array("GET /é€ HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0xFF, 0xC3] + Array("\r\n\r\n".utf8)
    for cut in 1..<text.count {
      read(
        bytes: [Array(text[..<cut]), Array(text[cut...])], expecting: [text],
        "the bytes of a request are not those that the client has sent",
        "A piece can end in the middle of a character, and a client can send bytes that are no "
          + "text at all. Keep bytes, and "
          + "make text of them only when the request is complete.")
    }
    for size in [4095, 4096, 4097, 20_000] {
      let large = "GET /\(String(repeating: "x", count: size)) HTTP/1.1\r\n\r\n"
      read(
        [large + second], expecting: [large, second],
        "a request of more than \(size) bytes is not put together again",
        "A request may be larger than the buffer of one read, and a read may fill the buffer to "
          + "its last byte."
      )
    }
  }

  /// What the first client left behind must not reach the second.
  static func twoClients() {
    var one = RequestReader(ScriptedSocket(reads: [.bytes(Array((first + "GET /left").utf8))]))
    _ = one.next()
    read(
      [second], expecting: [second],
      "a client's first request begins with what another client has left",
      "The bytes that are kept belong to one connection. A global or static variable belongs to "
        + "all of them: make it a property "
        + "of the reader.")
  }

  /// Lets the learner's code read a stream that arrives in these pieces, to its end.
  static func read(
    _ pieces: [String], expecting requests: [String], _ problem: String, _ why: String = ""
  ) {
    read(
      bytes: pieces.map { Array($0.utf8) }, expecting: requests.map { Array($0.utf8) }, problem, why
    )
  }

  static func read(
    bytes pieces: [[UInt8]], expecting requests: [[UInt8]], _ problem: String, _ why: String
  ) {
    let socket = ScriptedSocket(reads: pieces.map { .bytes($0) })
    var reader = RequestReader(socket)
    var found: [[UInt8]] = []
    while found.count <= requests.count, let request = reader.next() { found.append(request) }
    expect(
      found, equals: requests, problem,
      found.contains { $0.contains(0) }
        ? "These zeros were in the buffer before. Only the first bytes are the client's: as many "
          + "as read says."
        : why)
  }

  /// The text, cut after these bytes.
  static func pieces(_ text: String, _ cuts: [Int]) -> [String] {
    let bytes = Array(text.utf8)
    return zip([0] + cuts, cuts + [bytes.count]).map {
      String(decoding: bytes[$0..<$1], as: UTF8.self)
    }
  }
}
