import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("--delay slows down a response") { delay() },
    Part("each request waits for the backend, including the second one") { everyRequest() },
    Part("a page that needs no backend is not slow") { fast() },
    Part("five clients form a staircase") { staircase() },
    Part("SIGTERM does not cut a delay short") { terminate() },
    Part("the protocol has its own file") { noCalls() },
  ]

  static func delay() {
    let server = Program("--delay", "100ms")
    let client = server.connect("A")
    let start = ContinuousClock.now
    client.ask("/")
    client.expectReply(body: "Hello", patience: .seconds(2), "A does not receive Hello")
    expect(
      ContinuousClock.now - start >= .milliseconds(100),
      "the response does not wait for --delay 100ms",
      "Most servers can answer only after another server, such as a database, answers them. "
        + "--delay simulates that wait."
    )
  }

  static func everyRequest() {
    let server = Program("--delay", "100ms")
    let client = server.connect("A")
    let start = ContinuousClock.now
    for _ in 1...3 {
      client.ask("/")
      client.expectReply(body: "Hello", patience: .seconds(2), "A does not receive Hello")
    }
    expect(
      ContinuousClock.now - start >= .milliseconds(300),
      "three requests on one connection take less than 300 ms",
      "Each request asks the backend, so each one takes 100 ms.")
  }

  static func fast() {
    let server = Program("--delay", "60s")
    let client = server.connect("A")
    client.ask("/nope")
    client.expectReply(
      404, "A asked for a page that does not exist, but it waits for the backend",
      "Only / needs the backend.")
  }

  static func staircase() {
    let server = Program("--delay", "50ms")
    let clients = server.deliverAtOnce {
      ["A", "B", "C", "D", "E"].map { name in
        let client = server.connect(name)
        client.ask("/", "Connection: close")
        return client
      }
    }
    let start = ContinuousClock.now
    for (number, client) in clients.enumerated() {
      client.expectReply(
        body: "Hello", patience: .seconds(2), "\(client.name) does not receive Hello")
      expect(
        ContinuousClock.now - start >= .milliseconds(45) * (number + 1),
        "\(client.name) got its response too early",
        "There is one thread, and it sleeps for each client in turn.")
    }
  }

  static func terminate() {
    let server = Program("--delay", "400ms")
    let client = server.connect("A")
    let start = ContinuousClock.now
    client.ask("/")
    client.settle()
    server.signal(SIGTERM)
    client.expectReply(
      body: "Hello", patience: .seconds(2),
      "the server received SIGTERM during the delay, and A receives no response",
      "The server accepted A's request, and that is a promise.")
    expect(
      ContinuousClock.now - start >= .milliseconds(400),
      "the server received SIGTERM, and the delay was cut short",
      "A signal ends nanosleep(2) and poll(2) early, but it does not make the backend faster. Wait "
        + "again until time is up.")
  }

  static func noCalls() {
    if Source.files.isEmpty { return }
    expect(
      Source.files.contains("Session.swift"), "there is no Session.swift",
      "The rules of HTTP are scattered through the code that waits. Chapter 2 waits with threads, "
        + "chapter 3 with epoll, and both need these rules without the waiting.",
      expected: "a file Session.swift with a struct Session",
      happened: "the files are \(Source.files.joined(separator: ", "))")
  }
}
