import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that reads hears everything") { reads() },
    Part("a client that does not read is cut off") { cutOff() },
  ]

  static let text = String(repeating: "x", count: 8000)

  static func reads() {
    let server = Program("--timeout", "60s")
    let (a, b) = (join("A", server), join("B", server))
    for number in 1...20 {
      b.say("send 1 \(text)")
      a.expectText(
        "From client 2: \(text)", "A reads everything, and message number \(number) is missing",
        "Count what waits for A now, in its session and its outbox, not what ever went through.")
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
        "A does not read, and B is not answered",
        "Put the frame into A's outbox, and return. Only the kernel knows when A reads.")
      if frame?.text == "No client 1" { return a.hangUp() }
    }
    fail(
      "more and more waits for A, which does not read",
      "B decides how much comes in, and A decides that nothing goes out. Without a bound, one client "
        + "that sleeps takes all memory. At 64 KiB, close it.",
      expected: "B hears 'No client 1'", happened: "A is still connected")
  }

  static func join(_ name: String, _ server: Program, receiveBuffer: Int32? = nil) -> Client {
    let client = server.connect(name, receiveBuffer: receiveBuffer)
    client.openWebSocket()
    server.settle()
    return client
  }
}
