import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("Session.swift makes no system calls") { noCalls() },
    Part("a conversation may be split anywhere", deadline: .seconds(30)) { cut() },
    Part("the responses are the same as in the step before") { responses() },
    Part("a request for / waits for the backend") { delay() },
    Part("the deadlines are the same as in the step before") { deadlines() },
    Part("SIGTERM lets a response finish") { terminate() },
    Part("a second client is served while the first one is silent") { second() },
  ]

  static func noCalls() {
    if Source.files.isEmpty { return }
    guard let code = Source.code("Session.swift") else {
      fail(
        "there is no Session.swift",
        "The rules of HTTP are scattered through the code that waits. Chapter 2 waits with "
          + "threads, chapter 3 with epoll, and both need these rules without the waiting.",
        expected: "a file Session.swift with a struct Session",
        happened: "the files are \(Source.files.joined(separator: ", "))")
    }
    for word in ["import Glibc", "recv(", "poll(", "Clock", "sleep("]
    where code.firstRange(of: word) != nil {
      fail(
        "Session.swift contains '\(word)'",
        "A session takes bytes and returns bytes. If it receives, sends or waits on its own, it "
          + "decides how to wait. That decision belongs to the caller, and each chapter makes a "
          + "different one.")
    }
  }

  static let conversation = Array(
    "GET / HTTP/1.1\r\nHost: check\r\n\r\nGET /nope HTTP/1.1\r\nHost: check\r\n\r\n".utf8)

  static func cut() {
    let server = Program()
    let client = server.connect("A")
    for place in 1..<conversation.count {
      client.send(Array(conversation[..<place]))
      client.settle()
      client.send(Array(conversation[place...]))
      client.expectReply(
        body: "Hello", "two requests, split after byte \(place), do not get 200 and 404",
        "A session keeps what it cannot use yet. The responses are the same wherever the network "
          + "splits the bytes."
      )
      client.expectReply(
        404, "two requests, split after byte \(place), do not get 200 and 404",
        "After a response there may be another whole request in the input: look there before you "
          + "ask for more."
      )
    }
  }

  static func responses() {
    let server = Program()
    for (request, status) in [
      ("GET / HTTP/1.1\r\nHost: check\r\n\r\n", 200), ("nonsense\r\n\r\n", 400),
      ("GET /nope HTTP/1.1\r\nHost: check\r\n\r\n", 404),
      ("PUT / HTTP/1.1\r\nHost: check\r\n\r\n", 405),
    ] {
      let client = server.connect("A")
      client.send(request)
      client.expectReply(
        status, "the response to \(show(request)) has changed",
        "A refactoring moves code and changes nothing that a client can see.")
      client.leave()
    }
    let client = server.connect("B")
    client.send("GET / HTTP/1.1\r\nHost: check\r\n\r\n")
    client.finishSending()
    client.expectReply(
      body: "Hello", "B sends a request and finishes sending, but receives no response",
      "receive with no bytes means that no more will come. The server must still answer what has "
        + "arrived."
    )
    client.expectEnd("B has finished sending, but the connection stays open")
  }

  static func delay() {
    let server = Program("--delay", "100ms")
    let client = server.connect("A")
    let start = ContinuousClock.now
    client.ask("/")
    client.ask("/nope", "Connection: close")
    client.expectReply(body: "Hello", patience: .seconds(2), "A does not receive Hello")
    expect(
      ContinuousClock.now - start >= .milliseconds(100),
      "the response does not wait for --delay 100ms",
      "next() returns .pause before the response is in the output, and .write after it.")
    client.expectReply(404, patience: .seconds(2), "A's second request got no response")
  }

  static func deadlines() {
    let server = Program("--timeout", "200ms")
    let client = server.connect("A")
    client.send("GET / HT")
    client.expectReply(
      408, patience: .seconds(2),
      "A sent half a request and then nothing, but does not receive 408",
      "The caller sees that time is up and tells the session: timeOut(). The session decides what "
        + "to send."
    )
    client.expectEnd(patience: .seconds(2), "A received 408, but the connection stays open")
    let silent = server.connect("B")
    silent.expectEnd(
      patience: .seconds(2),
      "B says nothing, and the server keeps waiting for it or sends it something")
  }

  static func terminate() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(200, "the server received SIGTERM, and A loses the rest of its response")
    expect(server.endsSoon, "A got its response, but the server does not stop")
  }

  static func second() {
    let server = Program()
    let silent = server.connect("A")
    silent.settle()
    let client = server.connect("B")
    client.ask("/")
    client.expectReply(
      body: "Hello", "A is connected and silent, and B receives no response",
      "There is one thread, and it waits for A. B waits in the kernel's backlog until A sends "
        + "something or times out."
    )
  }
}
