import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a slow reader does not keep others from joining", deadline: .seconds(30)) { slow() },
    Part(
      "a slow reader is cut off after --timeout, and the others receive everything",
      deadline: .seconds(30)
    ) { cutOff() },
    Part("events from two clients do not mix", deadline: .seconds(30)) { mix() },
    Part("clients of /events receive what another client says") { events() },
    Part("a client that left is no longer in the registry") { left() },
    Part("two threads do not use the registry at the same time") { race() },
    Part("SIGTERM lets a response finish") { terminate() },
  ]

  static func events() {
    let server = Program()
    let listeners = [server.listener("A", 1), server.listener("B", 2)]
    let speaker = server.connect("C")
    for word in ["Hello", "again"] {
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

  static func race() {
    if !Program.hasVariant { return }
    let server = Program(isVariant: true)
    _ = [server.listener("A", 1), server.listener("B", 2)]
    let speaker = server.connect("C")
    speaker.ask("/say/Hello")
    speaker.expectReply(
      body: "said", patience: .seconds(2), "C said something but receives no response")
    expect(
      !server.lastOutput().contains("WARNING: ThreadSanitizer"),
      "the thread sanitizer found a data race",
      "Ten workers use one dictionary, so each access must hold the mutex.")
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

  static func cutOff() {
    let server = Program("--timeout", "300ms")
    _ = server.listener("A", 1, receiveBuffer: 4096)
    let other = server.listener("B", 2)
    let speaker = server.connect("C")
    speaker.sayMuch()
    var waits = 0
    for _ in 1...30 {
      if case .reply = speaker.receive(patience: .milliseconds(150)) { continue }
      waits += 1
      expect(
        waits < 6, "A does not read, and every event waits for it again",
        "When a client does not take an event in time, shut down its connection. Otherwise every "
          + "speaker waits for the whole timeout.")
      speaker.expectReply(
        body: "said", patience: .seconds(1),
        "A does not read, and C's request never gets a response",
        "C's worker sends to A first, and A takes nothing. After the timeout, sendAll returns "
          + "false, and the server should send nothing more to A."
      )
    }
    speaker.ask("/say/goodbye")
    speaker.expectReply(
      body: "said", patience: .seconds(1), "C says goodbye but receives no response")
    expect(
      other.rest().hasSuffix("data: goodbye\n\n"),
      "A was too slow, and now B does not receive the last event",
      "A slow client must lose its own connection and disturb no one else.")
  }

  /// Two speakers send many events, each made of a single letter.
  static func mix() {
    let server = Program()
    let reader = server.listener("A", 1, receiveBuffer: 4096)
    let speakers = ["x", "y"].map { ($0, server.connect("speaker of \($0)")) }
    for _ in 1...10 {
      for (letter, speaker) in speakers {
        speaker.ask("/say/" + String(repeating: letter, count: 10_000))
      }
    }
    let events = reader.rest().split(separator: "\n")
    let isMixed = events.contains {
      Set($0.dropFirst("data: ".count)).count > 1 || $0.utf8.count != 10_006
    }
    expect(
      !isMixed, "an event contains the middle of another one",
      "send(2) takes as much as there is room for. While one worker waits to send the rest, "
        + "another one sends its own event into the gap. Each connection needs a mutex for writing."
    )
    expect(
      events.count, equals: 20,
      "two clients said ten things each, but A did not receive all of them")
  }

  static func terminate() {
    let server = Program()
    _ = server.listener("A", 1)
    let client = server.connect("B", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(200, "the server received SIGTERM, and B loses the rest of its response")
    expect(
      server.endsSoon, "A listens to /events, and now the server does not stop",
      "A's worker may wait in poll(2) without a deadline, but it must always poll the stop "
        + "signal's pipe too."
    )
    expect(
      server.waitForExit(), equals: .code(0), "the program stopped, but did not exit with code 0")
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
  fileprivate func nextEvent() -> String {
    while case let bytes = bytes(1), !bytes.isEmpty {
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
    sayMuch()
    while case .reply = receive(patience: .milliseconds(600)) {}
  }

  fileprivate func sayMuch() {
    for _ in 1...30 { ask("/say/" + String(repeating: "x", count: 15_000)) }
  }
}
