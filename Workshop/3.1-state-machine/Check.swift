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
    Part("the server stops reading from a client that does not read its answers") {
      backpressure()
    },
    Part("a client that sends its last request and ends its stream at the same time") {
      lastWords()
    },
    Part("a client whose connection is gone") { gone() },
  ]

  static let first = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
  static let second = "GET /two HTTP/1.1\r\nHost: b\r\n\r\n"

  static func whole() {
    converse(
      [first], expecting: [first], "a request arrived in one piece but was not answered",
      "A single call to advance must read it, create the answer, and write it.")
    let socket = newSocket(room: .max)
    var connection = Connection(socket: socket, answer: answer)
    socket.arrive(Array(first.utf8))
    expect(
      connection.advance() == .reading,
      "after the answer, advance did not return .reading",
      "The client is still connected and may send another request. The connection ends only when "
        + "the client ends its stream or an error occurs."
    )
  }

  static func twoPieces() {
    for cut in 1..<first.utf8.count {
      converse(
        pieces(first, [cut]), expecting: [first],
        "the second event completed the request, but it was not answered",
        cut > first.utf8.count - 4
          ? "The cut can fall anywhere inside the \\r\\n\\r\\n that ends a request. If you search "
            + "only the new bytes, start three bytes before them."
          : "advance returned after the first event, and its local variables were lost, along "
            + "with the first piece of the request. Keep that piece in the Connection.")
    }
  }

  static func drip() {
    converse(
      pieces(first, Array(1..<first.utf8.count)), expecting: [first],
      "a request that arrived byte by byte was not answered",
      "Keep what has arrived, and how much of it you have searched, in the Connection.")
  }

  static func anySize() {
    for size in [1024, 4095, 4096, 20_000] {
      let large = "GET /\(String(repeating: "x", count: size)) HTTP/1.1\r\n\r\n"
      converse(
        [large, second], expecting: [large, second],
        "a request of more than \(size) bytes was not answered",
        "The request is longer than one read can deliver. That's no reason to end the connection: "
          + "keep what has arrived and read again.")
    }
  }

  static func together() {
    converse(
      [first + second + first], expecting: [first, second, first],
      "three requests arrived in one piece, but not all of them were answered", buffered)
  }

  static func everySplit() {
    let all = first + second + first
    for one in 1..<all.utf8.count - 1 {
      for other in one + 1..<all.utf8.count {
        converse(
          pieces(all, [one, other]), expecting: [first, second, first],
          "three requests, cut after byte \(one) and byte \(other), were not all answered")
      }
    }
  }

  static func slowReader() {
    for window in [1, 2, 7, 1000] {
      converse(
        [first + second, first], window: window, expecting: [first, second, first],
        "part of an answer is missing",
        "write takes as many bytes as there is room for and returns how many it took. Keep the "
          + "rest for the next event."
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
      "there is something to write but no room for it, yet advance did not return .writing")
    expect(
      socket.unread > 0, "the server keeps reading from a client that does not read its answers",
      "This client sent \(many.utf8.count) bytes of requests and reads no answers, so you would "
        + "have to keep all the answers in memory. Write before you read: then the client's "
        + "requests stay in the kernel's buffer, which has a limit."
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
        socket, [first, second],
        "the client sent its last requests, but not all of them were answered",
        "The client will send no more, but it still reads. The connection is not done until "
          + "everything has been written.")
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
        connection.advance() == .done, "the connection is gone, but advance still waits for it",
        "-1 does not always mean EAGAIN. After any other error, nothing more will happen on this "
          + "socket, so advance would never be called again and the descriptor would never be "
          + "closed."
      )
    }
  }
}

extension Check {
  /// Plays a peer that sends each piece when the connection waits for bytes, and reads `window`
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

  /// Plays the event loop: calls `advance` each time the event that it waits for occurs, until it
  /// returns `.done`.
  static func run(
    _ connection: inout Connection, on socket: NonBlockingSocket, window: Int,
    expecting requests: [String], whenReading send: () -> Void
  ) {
    let most = requests.reduce(0) { $0 + answer(Array($1.utf8)).count }
    for _ in 0..<10_000 {
      var wait = Connection.Wait.done
      explain(
        crash:
          "There are two usual causes: the code used -1 as a number of bytes, or it looked at "
          + "bytes that have not arrived yet."
      ) { wait = connection.advance() }
      switch wait {
      case .done:
        expect(
          !socket.hasRefusedWrite || socket.isReset,
          "write failed with EAGAIN, but advance returned .done",
          "EAGAIN is not a real error: the client is still there but has not read yet. Return "
            + ".writing, and advance is called again when there is room.")
        return
      case .reading:
        if !socket.isReadable {
          expectNoneBuffered(socket, requests)
          send()
        }
      case .writing:
        expect(
          socket.room == 0, "advance returned .writing, although there is room to write",
          "An edge-triggered epoll reports room only when it appears, so the event that the "
            + "connection waits for would never come.")
        expect(
          socket.written.count <= most, "an answer, or part of one, was written twice",
          "The kernel already took these bytes. The next call to advance must know how many: "
            + "remove these bytes from the output, or keep the position in the Connection.",
          happened: show(socket.written))
        socket.makeRoom(window)
      }
    }
    fail(
      "advance was called again and again but never returned .done",
      "read returns 0 at the end of the stream. Then the connection is done, and the loop can "
        + "close it.")
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
      expect(
        written, equals: wanted, "the input contains a complete request that was not answered",
        buffered)
    }
    expect(written, equals: wanted, problem, why)
  }

  /// Fails if a complete request is waiting in the input: no event will report bytes that were
  /// already read.
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
        "advance returned .reading, although its input contains a complete request", buffered,
        expected: show(wanted), happened: show(socket.written))
    }
  }

  static let buffered =
    "The next request may already be in your input, because it was read along with the previous "
    + "one, and no event will report it. Look for it before you read and before you return "
    + ".reading."

  static func newSocket(room: Int) -> NonBlockingSocket {
    Events.start("system calls:")
    return NonBlockingSocket("the client", room: room)
  }

  /// The answer to a request: `<`, the path, and `>`.
  static func answer(_ request: [UInt8]) -> [UInt8] {
    let words = request.split(separator: UInt8(ascii: " "))
    return Array("<".utf8) + (words.count > 1 ? words[1] : []) + Array(">".utf8)
  }

  /// Returns the text, cut after each of these byte counts.
  static func pieces(_ text: String, _ cuts: [Int]) -> [String] {
    let bytes = Array(text.utf8)
    return zip([0] + cuts, cuts + [bytes.count]).map {
      String(decoding: bytes[$0..<$1], as: UTF8.self)
    }
  }
}
