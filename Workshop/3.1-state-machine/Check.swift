import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a request that arrives in one piece is answered") { whole() },
    Part("a request that arrives in two pieces, cut anywhere") { twoPieces() },
    Part("a request that drips in byte by byte") { drip() },
    Part("a request of any size") { anySize() },
    Part("three requests in one piece are answered in order") { together() },
    Part("three requests, cut anywhere") { everySplit() },
    Part("a client that reads slowly gets its answers in pieces") { slowReader() },
    Part("a client that does not read its answers is not read from") { backpressure() },
    Part("a client that sends its last request and the end together") { lastWords() },
    Part("a client whose connection is gone") { gone() },
  ]

  static let first = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
  static let second = "GET /two HTTP/1.1\r\nHost: b\r\n\r\n"

  static func whole() {
    converse(
      [first], expecting: [first], "a request is there, and is not answered",
      "In this one call: read, make the answer, write it.")
    let socket = newSocket(room: .max)
    var connection = Connection(socket: socket, answer: answer)
    socket.arrive(Array(first.utf8))
    expect(
      connection.advance() == .reading,
      "the request is answered, and then the connection does not wait for the next one",
      "The client is still connected, and may ask again. Only the end of its stream, or an error, "
        + "is the end."
    )
  }

  static func twoPieces() {
    for cut in 1..<first.utf8.count {
      converse(
        pieces(first, [cut]), expecting: [first],
        "with the second event the request is complete, and is not answered",
        cut > first.utf8.count - 4
          ? "The end of a request, \\r\\n\\r\\n, can itself be cut, after each of its bytes. If "
            + "you search only what is new, begin "
            + "three bytes before it."
          : "advance has returned in between, and its local variables went with it: what the "
            + "first event has brought is "
            + "gone. It has to be kept in the Connection.")
    }
  }

  static func drip() {
    converse(
      pieces(first, Array(1..<first.utf8.count)), expecting: [first],
      "a request that came byte by byte is not answered",
      "What has arrived so far, and how far it was searched, has to be kept in the Connection.")
  }

  static func anySize() {
    for size in [1024, 4095, 4096, 20_000] {
      let large = "GET /\(String(repeating: "x", count: size)) HTTP/1.1\r\n\r\n"
      converse(
        [large, second], expecting: [large, second],
        "a request of more than \(size) bytes is not answered",
        "It is longer than what one read delivers. That is no reason to end the connection: keep "
          + "what has arrived, and read "
          + "again.")
    }
  }

  static func together() {
    converse(
      [first + second + first], expecting: [first, second, first],
      "three requests came in one piece, and not all are answered", buffered)
  }

  static func everySplit() {
    let all = first + second + first
    for one in 1..<all.utf8.count - 1 {
      for other in one + 1..<all.utf8.count {
        converse(
          pieces(all, [one, other]), expecting: [first, second, first],
          "three requests, cut after byte \(one) and byte \(other), are not all answered")
      }
    }
  }

  static func slowReader() {
    for window in [1, 2, 7, 1000] {
      converse(
        [first + second, first], window: window, expecting: [first, second, first],
        "part of an answer is missing",
        "write takes what there is room for and returns how much that was. Keep the rest for the "
          + "next event."
      )
    }
  }

  static func backpressure() {
    let socket = newSocket(room: 10)
    var connection = Connection(socket: socket, answer: answer)
    let many = Array(repeating: first, count: 20_000).joined()
    socket.arrive(Array(many.utf8))
    expect(
      connection.advance() == .writing,
      "there is something to write and no room for it, and advance does not return .writing")
    expect(
      socket.unread > 0, "a client that does not read its answers is read from anyway",
      "It has sent \(many.utf8.count) bytes of requests and reads no answer. All the answers "
        + "would have to be kept in "
        + "memory: write before you read. Then its requests stay in the kernel's buffer, which is "
        + "bounded."
    )
  }

  static func lastWords() {
    for window in [5, Int.max] {
      let socket = newSocket(room: window)
      var connection = Connection(socket: socket, answer: answer)
      socket.arrive(Array((first + second).utf8))
      socket.end()
      run(&connection, on: socket, window: window, expecting: [first, second]) {}
      compare(
        socket, [first, second], "the client has sent its last requests, and not all are answered",
        "It sends no more, but it still reads. The connection is done when everything is written.")
    }
  }

  static func gone() {
    for room in [0, 1000] {
      let socket = newSocket(room: room)
      var connection = Connection(socket: socket, answer: answer)
      socket.arrive(Array(first.utf8))
      _ = connection.advance()
      socket.reset()
      expect(
        connection.advance() == .done, "the connection is gone, and is still waited for",
        "-1 is not always EAGAIN. Nothing will ever happen to this socket again, and it is never "
          + "closed."
      )
    }
  }
}

extension Check {
  /// A peer that sends the pieces, each when the connection waits for bytes, and reads so many
  /// bytes at a time.
  static func converse(
    _ pieces: [String], window: Int = .max, expecting requests: [String], _ problem: String,
    _ why: String = ""
  ) {
    let socket = newSocket(room: window)
    var connection = Connection(socket: socket, answer: answer)
    var left = pieces[...]
    socket.arrive(Array(left.removeFirst().utf8))
    run(&connection, on: socket, window: window, expecting: requests) {
      if let piece = left.popFirst() { socket.arrive(Array(piece.utf8)) } else { socket.end() }
    }
    compare(socket, requests, problem, why)
  }

  /// The event loop: calls `advance` when what it waits for has happened, until it is done.
  static func run(
    _ connection: inout Connection, on socket: NonBlockingSocket, window: Int,
    expecting requests: [String], whenReading send: () -> Void
  ) {
    let most = requests.reduce(0) { $0 + answer(Array($1.utf8)).count }
    for _ in 0..<10_000 {
      var wait = Connection.Wait.done
      explain(
        crash:
          "There are two usual reasons: -1 was taken for a number of bytes, or bytes were looked "
          + "at that have not arrived yet."
      ) { wait = connection.advance() }
      switch wait {
      case .done:
        expect(
          !socket.hasRefusedWrite || socket.isReset, "write says EAGAIN, and advance returns .done",
          "EAGAIN is no error: the client is there, and has not read yet. Return .writing, and "
            + "advance is called again when "
            + "there is room.")
        return
      case .reading:
        if !socket.isReadable {
          expectNoneBuffered(socket, requests)
          send()
        }
      case .writing:
        expect(
          socket.room == 0, "advance waits until there is room to write, and there is room",
          "With an edge-triggered epoll the event that it waits for never comes.")
        expect(
          socket.written.count <= most, "an answer, or a part of it, is written twice",
          "The kernel has taken these bytes before. How many it has taken must survive the "
            + "return: take them out of the output, "
            + "or keep the position in the Connection.", happened: show(socket.written))
        socket.makeRoom(window)
      }
    }
    fail(
      "advance is called again and again, and never returns .done",
      "read returns 0 at the end of the stream: then the connection is done.")
  }

  static func compare(
    _ socket: NonBlockingSocket, _ requests: [String], _ problem: String, _ why: String
  ) {
    let answers = requests.map { answer(Array($0.utf8)) }
    let (wanted, written) = (Array(answers.joined()), socket.written)
    let ends = answers.indices.map { answers[...$0].reduce(0) { $0 + $1.count } }
    if written.count < wanted.count && written.count > 0 && ends.contains(written.count)
      && wanted.starts(with: written)
    {
      expect(written, equals: wanted, "a request is in the input, and is not answered", buffered)
    }
    expect(written, equals: wanted, problem, why)
  }

  /// No event comes for a request that was read before.
  static func expectNoneBuffered(_ socket: NonBlockingSocket, _ requests: [String]) {
    if requests.count < 2 { return }
    let arrived = String(decoding: socket.arrived, as: UTF8.self)
    let complete = requests.indices.count {
      arrived.hasPrefix(requests[...$0].joined())
    }
    let wanted = requests.prefix(complete).flatMap { answer(Array($0.utf8)) }
    if socket.written.count < wanted.count
      && wanted.starts(with: socket.written)
    {
      fail(
        "advance returns .reading, and a whole request is in its input", buffered,
        expected: show(wanted), happened: show(socket.written))
    }
  }

  static let buffered =
    "After an answer the next request may be there already: it was read with the first one, and "
    + "no event will tell "
    + "of it. Look for it before you read, and before you return .reading."

  static func newSocket(room: Int) -> NonBlockingSocket {
    Events.start("system calls:")
    return NonBlockingSocket("the client", room: room)
  }

  /// `<` and the path and `>`.
  static func answer(_ request: [UInt8]) -> [UInt8] {
    let words = request.split(separator: UInt8(ascii: " "))
    return Array("<".utf8) + (words.count > 1 ? words[1] : []) + Array(">".utf8)
  }

  /// The text, cut after these bytes.
  static func pieces(_ text: String, _ cuts: [Int]) -> [String] {
    let bytes = Array(text.utf8)
    return zip([0] + cuts, cuts + [bytes.count]).map {
      String(decoding: bytes[$0..<$1], as: UTF8.self)
    }
  }
}
