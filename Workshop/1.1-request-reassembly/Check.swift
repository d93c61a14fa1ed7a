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
    Part("bytes that aren't text, and requests larger than the buffer") { anyBytes() },
  ]

  static let first = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
  static let second = "GET /chat HTTP/1.1\r\nHost: b\r\n\r\n"

  static func whole() {
    var reader = RequestReader(ScriptedSocket(reads: [.bytes(Array(first.utf8))]))
    expect(
      reader.next() != nil, "next() returned nil, although a request had arrived",
      "nil means that the client is done. The server would close the connection without an answer.")
    var other = RequestReader(ScriptedSocket(reads: [.bytes(Array(first.utf8))]))
    expect(
      other.next() != Array(first.utf8.dropLast(4)),
      "next() returned a request without its final \\r\\n\\r\\n",
      "The \\r\\n\\r\\n is part of the request: the empty line is what marks its end.")
    read(
      [first], expecting: [first], "the request is not what the client sent")
  }

  static func twoPieces() {
    for cut in 1..<first.utf8.count {
      read(
        pieces(first, [cut]), expecting: [first],
        "a request that arrived in two pieces was not put back together",
        cut > first.utf8.count - 4
          ? "The cut can fall inside the \\r\\n\\r\\n that ends a request. Look for it in "
            + "everything you have kept, not just in what the last read delivered."
          : "One read is not one request, because TCP is a stream. Keep reading until the request "
            + "is complete."
      )
    }
  }

  static func drip() {
    let every = Array(1..<first.utf8.count)
    read(
      pieces(first, every), expecting: [first],
      "a request that arrived byte by byte was not put back together",
      "The \\r\\n\\r\\n that ends a request can arrive in four pieces. Look for it in everything "
        + "you have kept.")
  }

  static func together() {
    read(
      [first + second], expecting: [first, second],
      "two requests arrived in one piece, but next() did not return both of them",
      "The bytes after the first request are the start of the second. Keep them, and search them "
        + "before you read again."
    )
  }

  static func everySplit() {
    let all = first + second + first
    for one in 1..<all.utf8.count - 1 {
      for other in one + 1..<all.utf8.count {
        read(
          pieces(all, [one, other]), expecting: [first, second, first],
          "three requests, cut after byte \(one) and byte \(other), were not put back together",
          "Keep the bytes left over after each request, and append what the next read delivers."
        )
      }
    }
  }

  /// The client waits for its reply before it sends the next request, so one read too many would
  /// wait forever.
  static func atOnce() {
    let all = [[first, second], [first + second], ["GET", String(first.dropFirst(3)), second]]
    for (pieces, reads) in zip(all, [[1, 2], [1, 1], [2, 3]]) {
      let socket = ScriptedSocket(reads: pieces.map { .bytes(Array($0.utf8)) })
      var reader = RequestReader(socket)
      for count in reads {
        _ = reader.next()
        expect(
          socket.calls, equals: count, "the request was complete, but next() read again",
          "The client waits for your reply before it sends more, so this read waits forever and "
            + "both sides are stuck. Check what you already have before you read.")
      }
    }
  }

  static func leaves() {
    for part in ["GET /ch", "GET / HTTP/1.1\r\nHost: a\r\n\r"] {
      read(
        [first, part], expecting: [first],
        "the client left in the middle of a request, but next() did not return nil",
        "When read returns 0, the rest of the request will never come. A server must not act on "
          + "half a request.")
    }
  }

  static func otherEnds() {
    for end in ["\n\n", "\r\n\n", "\n\r\n", "\r\r", "\r\n \r\n"] {
      let request = "GET / HTTP/1.1\r\nX: a\(end)Y: b\r\nHost: a\r\n\r\n"
      let every = Array(1..<request.utf8.count)
      for pieces in [[request + second], pieces(request, every) + [second]] {
        read(
          pieces, expecting: [request, second],
          "\(show(end)) inside a request was mistaken for the end of the request",
          "A proxy in front of this server looks only for \\r\\n\\r\\n. If the proxy and this "
            + "server split the stream differently, a client can hide a second request inside the "
            + "first one (request smuggling).")
      }
    }
  }

  static func anyBytes() {
    let text =
      Array("GET /é€ HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0xFF, 0xC3] + Array("\r\n\r\n".utf8)
    for cut in 1..<text.count {
      read(
        bytes: [Array(text[..<cut]), Array(text[cut...])], expecting: [text],
        "next() did not return the bytes that the client sent",
        "A piece can end in the middle of a character, and a client can send bytes that aren't "
          + "text at all. Keep bytes, and don't turn them into text until the request is complete.")
    }
    for size in [4095, 4096, 4097, 20_000] {
      let large = "GET /\(String(repeating: "x", count: size)) HTTP/1.1\r\n\r\n"
      read(
        [large + second], expecting: [large, second],
        "a request of more than \(size) bytes was not put back together",
        "A request can be larger than the buffer you read into, and a read can fill the buffer "
          + "completely."
      )
    }
  }

  /// Bytes that the first client left behind must not reach the second one.
  static func twoClients() {
    var one = RequestReader(ScriptedSocket(reads: [.bytes(Array((first + "GET /left").utf8))]))
    _ = one.next()
    read(
      [second], expecting: [second],
      "one client's first request starts with bytes that another client sent",
      "The bytes you keep belong to one connection, but all connections share a global or static "
        + "variable. Keep the bytes in a property of the reader.")
  }

  /// Makes the learner's code read a stream that arrives in these pieces, until the stream ends.
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
        ? "The zeros were already in the buffer. Only the first bytes in it came from the client, "
          + "and read returns how many."
        : why)
  }

  /// Returns the text, cut after each of these byte counts.
  static func pieces(_ text: String, _ cuts: [Int]) -> [String] {
    let bytes = Array(text.utf8)
    return zip([0] + cuts, cuts + [bytes.count]).map {
      String(decoding: bytes[$0..<$1], as: UTF8.self)
    }
  }
}
