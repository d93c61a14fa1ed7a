import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("half a request gets no answer, but the whole one does") { halves() },
    Part("two clients send their requests piece by piece, in turn") { interleaved() },
    Part("a client leaves in the middle of a request, and the next one connects") { next() },
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
  ]

  static func halves() {
    let server = Program()
    let a = server.connect("A")
    a.send("GET / HTTP/1.1\r\nHost: ch")
    a.expectNothing(
      "half a request got an answer",
      "TCP is a stream of bytes, and a request arrives in as many pieces as the network likes. It "
        + "ends with a blank line: until \\r\\n\\r\\n is there, keep what has arrived, and wait "
        + "for the next event.")
    a.send("eck\r\n\r")
    a.expectNothing("a request without its last byte got an answer")
    a.send("\n")
    a.expectReply(
      body: "Hello", "the request is complete, but there is no answer",
      "The blank line can be split too. Look for \\r\\n\\r\\n in everything that has arrived from "
        + "this client, not in the last piece.")
  }

  static func interleaved() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    let pieces = ["GET / HTTP/1.1\r\n", "Host: check\r\n", "\r\n"]
    for (number, piece) in pieces.enumerated() {
      a.send(piece)
      server.settle()
      if number == 2 {
        a.expectReply(body: "Hello", "A's request is complete, but there is no answer", why)
        b.expectNothing("B's request is not complete, but it got an answer", why)
      }
      b.send(piece)
      if number < 2 { b.expectNothing("part of a request got an answer", why) }
    }
    b.expectReply(body: "Hello", "B's request is complete, but there is no answer", why)
  }

  static let why =
    "Each client needs its own bytes. A thread used to keep them in a local variable of serve, for "
    + "a single client. Now each client needs its own storage, and that is what a Connection is "
    + "for."

  static func next() {
    let server = Program()
    let a = server.connect("A")
    a.send("GET / HTTP/1.1\r\nHost: check\r\n\r")
    server.settle()
    a.reset()
    server.settle()
    let b = server.connect("B")
    b.send("\n")
    b.expectNothing(
      "B sent one byte and got the answer to A's request",
      "The kernel reuses a descriptor as soon as it is free, so B's socket has the number that A's "
        + "had. When A leaves, its Connection must go too, or B inherits A's bytes.")
  }

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    a.send("GET / HTTP/1.1\r\n")
    let used = server.cpuTime(during: .milliseconds(500))
    expect(
      used < .milliseconds(20),
      "A has sent half a request, and now the server uses the CPU all the time",
      "Take the bytes out of the socket with recv and keep them. As long as they are in the "
        + "kernel, epoll reports them again and again.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }
}
