import Kit

/// A request that the server read from a client.
struct Request: Sendable {
  let path: String
  var wantsClose = false
}

/// Complete answers, as they are sent over the wire.
enum Reply {
  static let hello = "200 Hello"
  static let notFound = "404"
}

/// A client whose requests come in groups. Each group is sent in one piece, after the answers to
/// all earlier groups have arrived.
final class Client {
  private var groups: [[Request]]
  private var sent = 0
  private var hasEnded = false
  private(set) var replies: [String] = []
  private(set) var isClosed = false

  init(_ groups: [Request]...) {
    self.groups = groups
    Events.start("what happened, in order:")
  }

  /// Returns the next request, or `nil` when the client is done.
  func next() -> Request? {
    if isClosed {
      fail(
        "next() was called after hangUp()",
        "After hangUp() the server must not use the connection: the client may be gone, and its "
          + "descriptor may already belong to another client."
      )
    }
    expect(
      !hasEnded, "next() was called again after it returned nil",
      "nil means that the client is done: it will send no more requests.")
    while groups.first?.isEmpty == true {
      if replies.count < sent { failWaiting() }
      groups.removeFirst()
    }
    guard !groups.isEmpty else {
      Events.add("next() = nil")
      hasEnded = true
      return nil
    }
    sent += 1
    let request = groups[0].removeFirst()
    Events.add("next() = GET \(request.path)\(request.wantsClose ? ", Connection: close" : "")")
    return request
  }

  private func failWaiting() -> Never {
    fail(
      "the client is waiting for \(sent - replies.count) answers, and the server is waiting for "
        + "the next request",
      "Each is waiting for the other, so neither can continue. Answer a request before you ask "
        + "for the next one.")
  }

  func send(_ reply: String) {
    Events.add("send(\(show(reply)))")
    if isClosed {
      fail(
        "send() was called after hangUp()",
        "The connection is closed, so nothing can be sent on it. Send the answer first.")
    }
    replies.append(reply)
  }

  func hangUp() {
    Events.add("hangUp()")
    expect(
      !isClosed, "hangUp() was called twice",
      "The first call frees the descriptor's number, and the next client may get that number. The "
        + "second call would then close that client's connection."
    )
    isClosed = true
  }
}

@main
enum Check: Checks {
  static let parts = [
    Part("one request") {
      serve(
        ["/"], expecting: [Reply.hello],
        "the client sent one request but did not get exactly one answer")
      for path in ["/nothing", "/a/b", "//", "/index.html", "/?", "", "*"] {
        serve(
          [path], expecting: [Reply.notFound],
          "the client asked for \(show(path)), which does not exist, but did not get a 404",
          "Answer only the path / with Hello, and everything else with a 404.")
      }
    },
    Part("three requests in one piece") {
      serve(
        ["/", "/", "/"], expecting: [Reply.hello, Reply.hello, Reply.hello],
        "three requests arrived in one piece, but not all of them were answered",
        "A connection is not a request. The next request may already be there, and the client "
          + "won't send it again."
      )
    },
    Part("a 404 does not end the connection") {
      serve(
        ["/", "/nothing", "/"], expecting: [Reply.hello, Reply.notFound, Reply.hello],
        "the second of three requests asked for a missing page, and the client got the wrong "
          + "answers",
        "Asking for a missing page is the client's mistake, but it's no reason to close the "
          + "connection. The connection still works, so answer the next request as well."
      )
    },
    Part("three requests, each sent after the answer to the last one") { inTurn() },
    Part("Connection: close") { close() },
  ]

  static func inTurn() {
    let client = Client([Request(path: "/")], [Request(path: "/nothing")], [Request(path: "/")])
    serve(client)
    expect(
      client.replies, equals: [Reply.hello, Reply.notFound, Reply.hello],
      "the client waited for each answer before it sent the next request, and it got the wrong "
        + "answers",
      "The next request doesn't arrive until you answer this one. Keep looping until next() "
        + "returns nil.")
    expect(
      client.isClosed, equals: true, "the client is done, but the connection is still open",
      "Every open connection uses one of the process's descriptors. When none are left, no other "
        + "client can connect."
    )
  }

  static func close() {
    for path in ["/", "/nothing"] {
      let client = Client([Request(path: path, wantsClose: true)])
      serve(client)
      expect(
        client.replies, equals: [path == "/" ? Reply.hello : Reply.notFound],
        "a request for \(path) said Connection: close, and the client got the wrong answer",
        client.replies.isEmpty
          ? leftWithout
          : "Connection: close says what happens after the answer. Which answer to send depends "
            + "on the path alone.")
    }
    let last = Request(path: "/", wantsClose: true)
    let client = Client([Request(path: "/nothing"), last, Request(path: "/never")])
    serve(client)
    expect(
      client.replies, equals: [Reply.notFound, Reply.hello],
      "the second request said Connection: close, a third one followed, and the client got the "
        + "wrong answers",
      client.replies.count < 2 ? leftWithout : "")
    expect(
      client.isClosed, equals: true, "the last answer was sent, but the connection is still open",
      "The client asked the server to close, and may be waiting for that. Both ways out of the "
        + "loop must lead to hangUp()."
    )
  }

  static let leftWithout =
    "The server closed the connection without answering this request. Connection: close means "
    + "that the server closes after the answer, not instead of it."

  static func serve(
    _ paths: [String], expecting replies: [String], _ problem: String, _ why: String = ""
  ) {
    let client = Client(paths.map { Request(path: $0) })
    Exercise.serve(client)
    expect(client.replies, equals: replies, problem, why)
  }

  static func serve(_ client: Client) { Exercise.serve(client) }
}
