import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a listener that reads hears everything") { reads() },
    Part("a listener that does not read is cut off") { cutOff() },
  ]

  static let text = String(repeating: "x", count: 8000)
  static let event = "data: \(text)\n\n"

  static func reads() {
    let server = Program("--timeout", "60s")
    let (a, speaker) = (join("A", server), server.connect("B"))
    for number in 1...20 {
      speaker.ask("/say/\(text)")
      speaker.expectReply(200, "B says something, and gets no answer")
      let received = a.bytes(event.utf8.count)
      expect(
        String(decoding: received, as: UTF8.self) == event,
        "A reads everything, and message number \(number) does not arrive",
        "Count what waits in the mailbox now, not what ever went through it. A client that reads is "
          + "never cut off.", happened: "\(received.count) of \(event.utf8.count) bytes")
    }
  }

  static func cutOff() {
    let server = Program("--timeout", "60s")
    server.settle()
    let before = server.descriptors
    let (a, speaker) = (join("A", server, receiveBuffer: 4096), server.connect("B"))
    say(60, speaker, "A does not read, and B waits")
    server.settle()
    expect(
      server.descriptors <= before + 1, "more and more waits for A, which does not read",
      "Only you can bound this queue: the clients decide how much comes in, and A decides that "
        + "nothing goes out. At 64 KiB, give up on A: shutdown(2) its socket, and its task ends.",
      expected: "A is cut off", happened: "A is connected")
    a.hangUp()
  }

  static func join(
    _ name: String, _ server: Program, receiveBuffer: Int32? = nil
  ) -> Client {
    let client = server.connect(name, receiveBuffer: receiveBuffer)
    client.ask("/events")
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    _ = client.bytes((head + "data: You are client 1\n\n").utf8.count)
    return client
  }

  static func say(_ count: Int, _ speaker: Client, _ problem: String) {
    for _ in 1...count {
      speaker.ask("/say/\(text)")
      speaker.expectReply(
        200, problem,
        "The manager waits for A, and all others wait for the manager. Leave the message in A's "
          + "mailbox, and let A's own task send it.")
    }
  }
}
