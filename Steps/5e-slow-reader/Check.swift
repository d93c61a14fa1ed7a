import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that reads receives everything") { reads() },
    Part("a client that does not read is cut off") { cutOff() },
  ]

  static let text = String(repeating: "x", count: 8000)

  static func reads() {
    let server = Program("--timeout", "60s")
    let (a, b) = (join("A", server), join("B", server))
    for number in 1...20 {
      b.say("send 1 \(text)")
      a.expectText(
        "From client 2: \(text)", "A reads everything, but message number \(number) is missing",
        "Count the bytes that wait for A now, in its session and its outbox, not all that ever "
          + "went through.")
    }
  }

  static func cutOff() {
    let server = Program("--timeout", "60s")
    let (a, b) = (join("A", server, receiveBuffer: 4096), join("B", server))
    for _ in 1...60 {
      b.say("send 1 \(text)")
      b.say("whoami")
      let frame = b.receiveFrame()
      expect(
        frame?.text == "You are client 2" || frame?.text == "No client 1",
        "A does not read, and now B gets no answer",
        "Put the frame into A's outbox and return. Do not wait until A reads.")
      if frame?.text == "No client 1" { return a.hangUp() }
    }
    fail(
      "A does not read, and more and more bytes wait for it",
      "B decides how much comes in, and A decides that nothing goes out. Without a bound, one "
        + "client that does not read uses up all of the memory. At 64 KiB, close its connection.",
      expected: "B gets 'No client 1'", happened: "A is still connected")
  }

  static func join(_ name: String, _ server: Program, receiveBuffer: Int32? = nil) -> Client {
    let client = server.connect(name, receiveBuffer: receiveBuffer)
    client.openWebSocket()
    server.settle()
    return client
  }
}
