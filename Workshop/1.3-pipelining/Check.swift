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

/// A client whose requests come in groups: each group is sent in one piece, and only when all before it were answered.
final class Client {
  private var groups: [[Request]]
  private var sent = 0
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
        "The client was told that this is the end. It may have gone already, and its descriptor may belong to somebody else."
      )
    }
    while groups.first?.isEmpty == true {
      if replies.count < sent { failWaiting() }
      groups.removeFirst()
    }
    guard !groups.isEmpty else {
      Events.add("next() = nil")
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
    isClosed = true
  }
}

@main
enum Check: Checks {
  static let parts = [
    Part("one request") {
      serve([Request(path: "/")], expecting: [Reply.hello], "there was one request")
    },
    Part("three requests in one piece") {
      let requests = ["/", "/nothing", "/"].map { Request(path: $0) }
      serve(
        requests, expecting: [Reply.hello, Reply.notFound, Reply.hello],
        "three requests came in one piece",
        "A connection is not a request: the next one may be there already, and nobody will send it again."
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
      "the client asks again when it has its answer")
    expect(
      client.isClosed, equals: true, "the client is done, and the connection stays open",
      "Each of them keeps one of the process's descriptors. When they are used up, nobody can connect any more."
    )
  }

  static func close() {
    let last = Request(path: "/", wantsClose: true)
    let client = Client([Request(path: "/nothing"), last, Request(path: "/never")])
    serve(client)
    expect(
      client.replies, equals: [Reply.notFound, Reply.hello],
      "the second request says Connection: close, and a third one is behind it",
      client.replies.count < 2
        ? "It is left without its answer. The field says what comes after the answer, not instead of it."
        : "")
    expect(
      client.isClosed, equals: true, "the last answer is sent, and the connection stays open",
      "The client has asked for its end, and may wait for it. Both ways out of the loop lead to hangUp()."
    )
  }

  static func serve(
    _ requests: [Request], expecting replies: [String], _ problem: String, _ why: String = ""
  ) {
    let client = Client(requests)
    Exercise.serve(client)
    expect(client.replies, equals: replies, problem, why)
  }

  static func serve(_ client: Client) { Exercise.serve(client) }
}
