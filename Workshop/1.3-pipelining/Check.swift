import Kit

/// What was read from a client.
struct Request: Sendable {
  let path: String
  var wantsClose = false
}

/// Whole answers, as they go over the wire.
enum Reply {
  static let hello = "200 Hello"
  static let notFound = "404"
}

/// A client whose requests come in groups: each group is sent in one piece, and only when all
/// before it were answered.
final class Client {
  private var groups: [[Request]]
  private var sent = 0
  private var hasEnded = false
  private(set) var replies: [String] = []
  private(set) var isClosed = false

  init(_ groups: [Request]...) {
    self.groups = groups
    Events.start("in this order:")
  }

  /// The next request; `nil` when the client is done.
  func next() -> Request? {
    if isClosed {
      fail(
        "next() is called after hangUp()",
        "The client was told that this is the end. It may have gone already, and its descriptor "
          + "may belong to another client."
      )
    }
    expect(
      !hasEnded, "next() has returned nil, and is called again",
      "nil means that the client is done: nothing will come any more.")
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
      "the client waits for \(sent - replies.count) answers, and the server for its next request",
      "Both wait for each other. Answer a request before you ask for the next one.")
  }

  func send(_ reply: String) {
    Events.add("send(\(show(reply)))")
    if isClosed {
      fail("something is sent after hangUp()", "There is no connection any more.")
    }
    replies.append(reply)
  }

  func hangUp() {
    Events.add("hangUp()")
    expect(
      !isClosed, "hangUp() is called twice",
      "With the first call the descriptor's number is free, and the next client may have it: the "
        + "second call hits that one."
    )
    isClosed = true
  }
}

@main
enum Check: Checks {
  static let parts = [
    Part("one request") {
      serve(["/"], expecting: [Reply.hello], "there was one request")
      for path in ["/nothing", "/a/b", "//", "/index.html", "/?", "", "*"] {
        serve(
          [path], expecting: [Reply.notFound], "there is nothing at \(show(path))",
          "Only the path / is answered with Hello, everything else with 404.")
      }
    },
    Part("three requests in one piece") {
      serve(
        ["/", "/", "/"], expecting: [Reply.hello, Reply.hello, Reply.hello],
        "three requests came in one piece",
        "A connection is not a request: the next one may be there already, and the client will "
          + "not send it again."
      )
    },
    Part("a 404 does not end the connection") {
      serve(
        ["/", "/nothing", "/"], expecting: [Reply.hello, Reply.notFound, Reply.hello],
        "the second of three requests asks for something that is not there",
        "That is the client's mistake, and no reason to hang up: the connection is in order, and "
          + "the next request is answered."
      )
    },
    Part("three requests, each after the answer to the last") { inTurn() },
    Part("Connection: close") { close() },
  ]

  static func inTurn() {
    let client = Client([Request(path: "/")], [Request(path: "/nothing")], [Request(path: "/")])
    serve(client)
    expect(
      client.replies, equals: [Reply.hello, Reply.notFound, Reply.hello],
      "the client asks again when it has its answer",
      "It sends its next request only then. The loop goes on until next() returns nil.")
    expect(
      client.isClosed, equals: true, "the client is done, and the connection stays open",
      "Each of them keeps one of the process's descriptors. When they are used up, no client can "
        + "connect any more."
    )
  }

  static func close() {
    for path in ["/", "/nothing"] {
      let client = Client([Request(path: path, wantsClose: true)])
      serve(client)
      expect(
        client.replies, equals: [path == "/" ? Reply.hello : Reply.notFound],
        "a request for \(path) says Connection: close",
        client.replies.isEmpty
          ? leftWithout
          : "The field says what comes after the answer. What the answer is depends on the path.")
    }
    let last = Request(path: "/", wantsClose: true)
    let client = Client([Request(path: "/nothing"), last, Request(path: "/never")])
    serve(client)
    expect(
      client.replies, equals: [Reply.notFound, Reply.hello],
      "the second request says Connection: close, and a third one follows it",
      client.replies.count < 2 ? leftWithout : "")
    expect(
      client.isClosed, equals: true, "the last answer is sent, and the connection stays open",
      "The client has asked for its end, and may wait for it. Both ways out of the loop lead to "
        + "hangUp()."
    )
  }

  static let leftWithout =
    "It is left without its answer. The field says what comes after the answer, not instead of it."

  static func serve(
    _ paths: [String], expecting replies: [String], _ problem: String, _ why: String = ""
  ) {
    let client = Client(paths.map { Request(path: $0) })
    Exercise.serve(client)
    expect(client.replies, equals: replies, problem, why)
  }

  static func serve(_ client: Client) { Exercise.serve(client) }
}
