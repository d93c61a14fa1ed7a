import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("what one client says reaches all listeners") { broadcast() },
    Part("clients that join at the same moment have different numbers") { numbers() },
    Part("the limit holds when many join at the same moment") { limit() },
    Part("a listener that left is forgotten at once") { leaves() },
  ]

  static func broadcast() {
    let server = Program()
    let listeners = ["A", "B", "C"].map { server.connect($0) }
    for (index, client) in listeners.enumerated() {
      client.ask("/events")
      expect(
        client.nextEvent() == "You are client \(index + 1)",
        "\(client.name) asks for /events, but is not told its number")
    }
    let speaker = server.connect("D")
    for text in ["Hello", "again"] {
      speaker.ask("/say/\(text)")
      for client in listeners {
        let event = client.nextEvent()
        expect(
          event == text, "D said \(text), but \(client.name) does not receive it",
          "The message is in its mailbox, but its task is waiting for bytes. Wake the task.",
          expected: show(text), happened: show(event))
      }
      speaker.expectReply(200, "D said something, but gets no answer")
    }
  }

  static func numbers() {
    let server = Program()
    let clients = join(30, server)
    let events = Set(clients.map { $0.nextEvent() })
    expect(
      events == Set((1...30).map { "You are client \($0)" }),
      "thirty clients joined, and two of them have the same number",
      "There is an await between asking for the next number and taking it, and during the await "
        + "another client asks too. Let the manager do both in one call that contains no await.",
      expected: "the numbers 1 to 30", happened: show(events.sorted().joined(separator: ", ")))
  }

  static func limit() {
    let server = Program("--listeners", "5")
    let clients = join(20, server)
    let count = clients.count { !$0.nextEvent().isEmpty }
    expect(
      count == 5, "there are five places, but \(count) clients have joined",
      "An actor runs one piece of code at a time, not one call at a time. At an await inside join, "
        + "the next call starts and sees the old count. This is called reentrancy. Check and act "
        + "without an await in between.", expected: "5", happened: "\(count)")
  }

  static func leaves() {
    let server = Program("--listeners", "1")
    let a = server.connect("A")
    a.ask("/events")
    expect(a.nextEvent() == "You are client 1", "A asks for /events, but is not told its number")
    a.hangUp()
    server.settle()
    let b = server.connect("B")
    b.ask("/events")
    let event = b.nextEvent()
    expect(
      event == "You are client 2", "A has left, but its place is still taken",
      "When serve returns, the client is gone, so tell the manager.", expected: "You are client 2",
      happened: show(event))
  }

  /// Connects clients that all ask for /events while the server is stopped.
  static func join(_ count: Int, _ server: Program) -> [Client] {
    server.signal(SIGSTOP)
    let clients = (1...count).map { server.connect("client \($0)") }
    for client in clients { client.ask("/events") }
    server.signal(SIGCONT)
    return clients
  }
}

extension Client {
  /// The text of the next server-sent event; empty if none comes.
  fileprivate func nextEvent() -> String {
    while true {
      let line = self.line()
      if line.isEmpty { return "" }
      if line.hasPrefix("data: ") { return String(line.dropFirst(6).dropLast(1)) }
    }
  }

  /// A line, including its end; empty if none comes.
  private func line() -> String {
    var line: [UInt8] = []
    while line.last != 10, let byte = bytes(1, patience: .milliseconds(200)).first {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }
}
