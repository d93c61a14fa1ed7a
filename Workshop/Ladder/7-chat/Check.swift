import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("any other text on `/ws` is answered with `Echo: TEXT`") { echo() },
    Part("`whoami` is answered with `You are client N`, a different N for each client") {
      whoami()
    },
    Part("`broadcast` sends `Hello from client N` to every client, including the sender") {
      broadcast()
    },
    Part("`send M TEXT` sends `From client N: TEXT` to client M only") { send() },
    Part("`send` to a number that no client has is answered with `No client M`") { unknown() },
    Part("a client that left gets nothing, and its number is no longer valid") { left() },
  ]

  /// Connects a client to `/ws` and asks for its number.
  static func join(_ name: String, _ server: Program) -> (WebSocketPeer, Int) {
    let peer = WebSocketPeer(name, "/ws", server)
    peer.send("whoami")
    let frame = peer.frame()
    let text = frame.map { String(decoding: $0.payload, as: UTF8.self) } ?? ""
    guard text.hasPrefix("You are client "), let number = Int(text.dropFirst(15)) else {
      fail(
        "whoami was not answered with the client's number",
        "The server must give each client of /ws a number when it joins.",
        expected: "\(name) gets a text frame with \"You are client 1\", for example",
        happened: frame == nil ? "\(name) got no complete frame" : "\(name) got \(show(text))")
    }
    return (peer, number)
  }

  static func echo() {
    let peer = WebSocketPeer("A", "/ws", Program())
    peer.send("hello there")
    peer.expectText(
      "Echo: hello there", "a text that is not a command was not echoed",
      "Every message gets exactly one answer, so that a client can wait for it.")
  }

  static func whoami() {
    let server = Program()
    let (_, first) = join("A", server)
    let (_, second) = join("B", server)
    expect(
      first != second, "two clients have the same number",
      "If two clients share a number, a message for one of them may reach the other.",
      happened: "both are client \(first)")
  }

  static func broadcast() {
    let server = Program()
    let (a, number) = join("A", server)
    let (b, _) = join("B", server)
    a.send("broadcast")
    for peer in [b, a] {
      peer.expectText(
        "Hello from client \(number)", "a broadcast by A did not reach \(peer.client.name)",
        "The server must also write to connections other than the one it is reading from.")
    }
  }

  static func send() {
    let server = Program()
    let (a, from) = join("A", server)
    let (b, to) = join("B", server)
    let (c, _) = join("C", server)
    a.send("send \(to) how are you?")
    b.expectText(
      "From client \(from): how are you?", "a message from A for B did not reach B",
      "The text starts after the second space, and it may contain spaces, too.")
    c.client.expectNothing("a message from A for B reached C", "The message was only for B.")
  }

  static func unknown() {
    let (peer, number) = join("A", Program())
    peer.send("send \(number + 1000) hello")
    peer.expectText(
      "No client \(number + 1000)", "a message to a number that no client has was not answered",
      "The sender needs to know that its message reached no client.")
  }

  static func left() {
    let server = Program()
    let (a, _) = join("A", server)
    let (b, number) = join("B", server)
    b.send(WebSocketPeer.close, [0x03, 0xE8])
    b.expectClose(1000, "a close frame was not answered with its code", "")
    b.client.settle()
    a.send("send \(number) hello")
    a.expectText(
      "No client \(number)",
      "a message for a client that left was not answered with 'No client'",
      "Remove a client when its connection ends. Otherwise the server writes to a closed "
        + "connection, or to another client that now has the same descriptor.")
    a.send("broadcast")
    _ = a.frame()
    a.send("hello")
    a.expectText(
      "Echo: hello", "after a client left, a broadcast disturbed a client that stayed", "")
  }
}
