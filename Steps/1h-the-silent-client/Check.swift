import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that says nothing is disconnected after --timeout") { silent() },
    Part("half a request is refused with 408 after --timeout") { half() },
    Part("a client that sends a byte now and then gets no more time") { drip() },
    Part("a client that reads nothing does not stop the others") { reader() },
    Part("a client that reads slowly receives everything", deadline: .seconds(30)) { slow() },
    Part("SIGTERM still lets a response finish") { terminate() },
    Part("--delay slows down a response") { delay() },
  ]

  static func silent() {
    let server = Program("--timeout", "200ms")
    server.settle()
    let client = server.connect("A")
    client.expectEnd(
      patience: .seconds(2), "A says nothing, and the server waits for it",
      "It waits in recv(2) for the first byte of a client that may never send one, and every other "
        + "client waits too. Ask poll(2) first whether there is something to receive: it takes a "
        + "time limit, in milliseconds."
    )
    server.expectHello(
      "A stayed silent until the timeout", "One client's timeout must not stop the server.")
  }

  static func half() {
    let server = Program("--timeout", "200ms")
    let client = server.connect("A")
    client.send("GET / HTTP/1.1\r\n")
    client.expectReply(
      408, patience: .seconds(2),
      "A sent half a request and then nothing, but does not receive 408",
      "Tell a client that started a request why the connection closes: 408 Request Timeout. It may "
        + "try again."
    )
    client.expectEnd("A received 408, but the connection stays open")
  }

  /// The client sends a byte every 25 ms, for at most 1.5 seconds.
  static func drip() {
    let server = Program("--timeout", "500ms")
    let client = server.connect("A")
    let head = "GET / HTTP/1.1\r\nX-Filler: \(String(repeating: "x", count: 40))"
    for byte in head.utf8 where !client.hasInput {
      client.send([byte])
      Waiting.pause(.milliseconds(25))
    }
    expect(
      client.hasInput, "A sends a byte every 25 ms, and its timeout of 500 ms never expires",
      "The limit applied to each recv(2). Twenty clients that send a byte a second keep a server "
        + "busy forever; this is slowloris. Set the deadline once, when you start waiting for the "
        + "request, and give poll(2) the time that is left."
    )
  }

  static func reader() {
    let server = Program("--timeout", "200ms")
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.expectHello(
      "A asked for /big and reads nothing",
      "send(2) waits until the client reads. With MSG_DONTWAIT it returns -1 and EAGAIN instead; "
        + "then poll(2), with POLLOUT and the timeout, tells you whether there is room again.",
      patience: .seconds(2))
  }

  /// Eight million bytes at six million a second take longer than the timeout.
  static func slow() {
    let server = Program("--timeout", "1s")
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big", "Connection: close")
    var received = 0
    while case let bytes = client.bytes(150_000, patience: .seconds(2)), !bytes.isEmpty {
      received += bytes.count
      Waiting.pause(.milliseconds(25))
    }
    expect(
      received > 1 << 23, "A reads steadily for longer than the timeout, but loses the rest",
      "A slow reader is not a silent one. Start the timeout over whenever bytes go out.",
      expected: "more than 8,388,608 bytes", happened: "\(received) bytes")
  }

  static func terminate() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(
      200, "the server received SIGTERM, and A loses the rest of its response",
      "A signal with a handler always interrupts poll(2): it returns -1 and EINTR. While a "
        + "response is going out, wait again for the time that is left.")
    expect(
      server.endsSoon, "A got its response, but the server does not stop",
      "It waits in poll(2) for A's next request. A server that is stopping must not wait for one.")
  }

  static func delay() {
    let server = Program("--delay", "100ms")
    let client = server.connect("A")
    let start = ContinuousClock.now
    client.ask("/")
    client.expectReply(body: "Hello", "A does not receive Hello")
    expect(
      ContinuousClock.now - start >= .milliseconds(100),
      "the response does not wait for --delay 100ms",
      "Most servers can answer only after another server, such as a database, answers them. "
        + "--delay simulates that wait."
    )
  }
}

extension Program {
  fileprivate func expectHello(
    _ situation: String, _ why: String, patience: Duration = .milliseconds(500)
  ) {
    let client = connect("B")
    client.ask("/", "Connection: close")
    client.expectReply(
      body: "Hello", patience: patience, "\(situation), and B receives no response", why)
  }
}
