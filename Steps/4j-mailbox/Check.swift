import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a listener that reads receives everything") { reads() },
    Part("a listener that does not read is cut off") { cutOff() },
  ]

  static let text = String(repeating: "x", count: 8000)
  static let event = "data: \(text)\n\n"

  static func reads() {
    let server = Program("--timeout", "60s")
    let (a, speaker) = (join("A", server), server.connect("B"))
    for number in 1...20 {
      speaker.ask("/say/\(text)")
      speaker.expectReply(200, "B said something, but gets no answer")
      let received = a.bytes(event.utf8.count)
      expect(
        String(decoding: received, as: UTF8.self) == event,
        "A reads everything, but message number \(number) does not arrive",
        "Count the bytes that wait in the mailbox now, not all that ever went through it. A client "
          + "that reads is never cut off.",
        happened: "\(received.count) of \(event.utf8.count) bytes")
    }
  }

  static func cutOff() {
    let server = Program("--timeout", "60s")
    server.settle()
    let before = server.descriptors
    let (a, speaker) = (join("A", server, receiveBuffer: 4096), server.connect("B"))
    say(60, speaker, "A does not read, and B has to wait")
    server.settle()
    expect(
      server.descriptors <= before + 1, "A does not read, and more and more bytes wait for it",
      "Only the server can bound this queue: the other clients decide how much comes in, and A "
        + "decides that nothing goes out. At 64 KiB, give up on A: shut its socket down with "
        + "shutdown(2), and its task ends.",
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
        "The manager waits for A, and all other clients wait for the manager. Leave the message in "
          + "A's mailbox, and let A's own task send it.")
    }
  }
}
