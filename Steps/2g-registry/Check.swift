import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client of /events learns its number") { greeting() },
    Part("clients of /events receive what another client says") { events() },
    Part("a client that left is no longer in the registry") { left() },
    Part("two threads do not use the registry at the same time") { race() },
    Part("a slow reader does not keep others from joining", deadline: .seconds(30)) { slow() },
  ]

  static func greeting() {
    let server = Program()
    _ = server.listener("A", 1)
    _ = server.listener("B", 2)
  }

  static func events() {
    let server = Program("--timeout", "200ms")
    let listeners = [server.listener("A", 1), server.listener("B", 2)]
    Waiting.pause(.milliseconds(300))
    listeners[0].expectNothing(
      "A listens and says nothing, and the server treats it as late",
      "A deadline is for a client that owes the server a request. A listener owes it nothing.")
    for word in ["Hello", "again"] {
      let speaker = server.connect("C")
      speaker.ask("/say/\(word)")
      speaker.expectReply(body: "said", "C said something but receives no response")
      for listener in listeners {
        listener.expectEvent(
          word, "C said something, but \(listener.name) does not receive it",
          "Another worker serves \(listener.name), and waits for it in poll(2). C's worker sends "
            + "to all listeners: the registry knows their descriptors.")
      }
    }
  }

  static func left() {
    let server = Program()
    let a = server.listener("A", 1)
    let b = server.listener("B", 2)
    a.leave()
    server.settle()
    let c = server.connect("C")
    c.ask("/")
    c.expectReply(body: "Hello", "A left, and C receives no response")
    let speaker = server.connect("D")
    speaker.ask("/say/Hello")
    speaker.expectReply(body: "said", "D said something but receives no response")
    b.expectEvent(
      "Hello", "A left, and B does not receive what D says",
      "One client that leaves must not stop the server from serving the others.")
    c.expectNothing(
      "A left, and C receives a message that was meant for A",
      "accept(2) gives the lowest free number to the next client: C has A's descriptor now. A "
        + "client that leaves must leave the registry before its descriptor is closed.")
  }

  /// In this build, the first worker that wants the registry's mutex waits for a second one.
  static func race() {
    if !Program.hasVariant { return }
    let server = Program(isVariant: true)
    let clients = ["A", "B"].map { server.connect($0) }
    server.deliverAtOnce { for client in clients { client.ask("/events") } }
    let numbers = clients.map { $0.nextEvent(patience: .seconds(2)) }.sorted()
    expect(
      !server.output.contains("greeted without the mutex"),
      "a client was greeted, but its worker did not lock the registry's mutex",
      "Ten workers use one dictionary. While one of them adds a client, the others must not even "
        + "look at it: the dictionary may be moving to a larger block of memory.")
    expect(
      numbers == ["data: You are client 1", "data: You are client 2"],
      "A and B join at the same moment, and their numbers are not 1 and 2",
      "Both workers add to the counter, then both take the mutex: each one also sees what the "
        + "other added. The mutex has to guard the counter as well as the dictionary.",
      expected: "You are client 1, and You are client 2",
      happened: numbers.map { show($0) }.joined(separator: ", and "))
  }

  static func slow() {
    let server = Program()
    _ = server.listener("A", 1, receiveBuffer: 4096)
    server.connect("B").fill()
    let other = server.connect("C")
    other.ask("/events")
    expect(
      other.nextEvent() == "data: You are client 2", "A does not read, and now C cannot join",
      "B's worker waits in sendAll until A reads, holding the registry's mutex. Everyone who wants "
        + "to join, leave or speak waits for that mutex: one slow reader stops them all. Hold a "
        + "mutex while you look at the data, never while you wait."
    )
  }
}

extension Program {
  fileprivate func listener(_ name: String, _ number: Int, receiveBuffer: Int32? = nil) -> Client {
    let client = connect(name, receiveBuffer: receiveBuffer)
    client.ask("/events")
    let head = client.line()
    expect(
      head.hasPrefix("HTTP/1.1 200"), "\(name) asked for /events but does not receive 200",
      "A server-sent event is text in a response that does not end.",
      happened: show(head))
    while !client.line().isEmpty {}
    client.expectEvent(
      "You are client \(number)", "\(name) asked for /events but is not told its number",
      "The registry assigns the numbers while it holds the mutex, so no two clients have the same "
        + "number."
    )
    return client
  }
}

extension Client {
  fileprivate func line() -> String {
    var line: [UInt8] = []
    while case let byte = bytes(1), !byte.isEmpty, byte != [10] { line += byte }
    return String(decoding: line, as: UTF8.self).replacing("\r", with: "")
  }

  /// Returns the next line that carries data; empty if none arrives.
  fileprivate func nextEvent(patience: Duration = .milliseconds(500)) -> String {
    while case let bytes = bytes(1, patience: patience), !bytes.isEmpty {
      let line = String(decoding: bytes, as: UTF8.self) + line()
      if line.hasPrefix("data:") { return line }
    }
    return ""
  }

  fileprivate func expectEvent(_ text: String, _ problem: String, _ why: String) {
    let (event, end) = (line(), line())
    expect(
      event == "data: \(text)" && end.isEmpty, problem, why, expected: "data: \(text)",
      happened: show(event))
  }

  /// Says enough to fill the connection of a client that does not read. The small gaps come from
  /// the kernel, which checks for room from time to time.
  fileprivate func fill() {
    for _ in 1...30 { ask("/say/" + String(repeating: "x", count: 15_000)) }
    while case .reply = receive(patience: .milliseconds(600)) {}
  }
}
