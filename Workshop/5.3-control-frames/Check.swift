import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("messages come back, however many fragments they have") { messages() },
    Part("two clients at the same time") { twoClients() },
    Part("a ping between two messages") { pingBetweenMessages() },
    Part("a ping between two fragments") { pingBetweenFragments() },
    Part("three control frames between two fragments") { severalBetweenFragments() },
    Part("a close is answered with its code") { closeHasACode() },
    Part("after the close comes nothing") { nothingAfterTheClose() },
    Part("fifty fragments, with a ping between each two") { many() },
  ]

  static func messages() {
    let peer = Peer()
    peer.send(.text, "Hello", expecting: [text("Hello")], echo)
    peer.send(.binary, "01", isFinal: false, expecting: [], echo)
    peer.send(.continuation, "23", isFinal: false, expecting: [], echo)
    peer.send(.continuation, "45", expecting: [binary("012345")], echo)
    peer.send(.text, "", expecting: [text("")], echo)
    peer.send(.text, "again", expecting: [text("again")], echo)
  }

  static let echo =
    "A message comes back as one frame of the same kind, when its last fragment is there."

  static func pingBetweenMessages() {
    let peer = Peer()
    peer.send(.text, "Hello", expecting: [text("Hello")], echo)
    peer.send(.ping, "1", expecting: [pong("1")], ping)
    peer.send(.pong, "", expecting: [], "A pong is an answer, and answers need none.")
    peer.send(.text, "World", expecting: [text("World")], echo)
  }

  static let ping =
    "A ping asks whether you are there. The pong carries the same payload, so that the asker "
    + "knows which one."

  static func pingBetweenFragments() {
    let peer = Peer()
    peer.send(.text, "Hel", isFinal: false, expecting: [], echo)
    let reply = peer.send(.ping, "you there?")
    expect(
      !reply.isEmpty, "the ping gets no answer before the message is complete",
      "The next fragment may be an hour away. By then the client has given up the connection.")
    expectFrames(
      reply, [pong("you there?")], "the ping's payload was mixed with the message's",
      "A ping that comes between two fragments is no part of the message: what it carries is its "
        + "own."
    )
    let rest = peer.send(.continuation, "lo")
    expect(
      rest != [text("lo")], "the first half of the message is lost",
      "The ping has emptied the message that was under way. A control frame must not touch it.")
    expect(
      rest.first?.opcode != .pong, "the second half of the message was answered as a ping",
      "A continuation belongs to the message that was begun, not to the frame that came before it.")
    expectFrames(
      rest, [text("Hello")], "the message has suffered from the ping in its middle",
      "It must come back as if the ping had not been there.")
  }

  static func severalBetweenFragments() {
    let peer = Peer()
    peer.send(.binary, "a", isFinal: false, expecting: [], echo)
    peer.send(.ping, "1", expecting: [pong("1")], ping)
    peer.send(
      .pong, "anybody?", expecting: [], "A pong that the server has not asked for is no message.")
    peer.send(.continuation, "b", isFinal: false, expecting: [], echo)
    peer.send(.ping, "", expecting: [pong("")], ping)
    peer.send(.continuation, "c", expecting: [binary("abc")], echo)
  }

  static func closeHasACode() {
    for code: [UInt8] in [[0x03, 0xE8], [0x0F, 0xA0], []] {
      let peer = Peer()
      let reply = peer.send(Frame(opcode: .close, payload: code))
      expect(
        reply.map(\.opcode), equals: [.close], "the close is not answered by one close",
        "The client waits for it: only then does it know that everything it sent has been read.")
      expect(
        reply[0].payload, equals: code,
        "the close comes back without its code, or with another one",
        "The first two bytes of the payload say why the connection ends (1000 is normal). Without "
          + "them the client "
          + "reports 1005: no status.")
    }
    let reply = Peer().send(Frame(opcode: .close, payload: [0x03, 0xE9] + Array("bye".utf8)))
    let payload = reply.first?.payload ?? []
    expect(
      payload.starts(with: [0x03, 0xE9]), "the close comes back without its code",
      "After the code there may be a reason, as text. The code is the first two bytes.")
    expect(
      payload, equals: [0x03, 0xE9], "the client's reason comes back to it",
      "After the code there may be a reason, as text, in the client's words. It need not even be "
        + "valid UTF-8, and a server that "
        + "sends it back then breaks the protocol itself. The code is the first two bytes; send "
        + "these."
    )
  }

  static func nothingAfterTheClose() {
    let peer = Peer()
    let why =
      "After a close frame an endpoint sends nothing more (RFC 6455 section 5.5.1). Clients take "
      + "it for an error."
    peer.send(.text, "half", isFinal: false, expecting: [], echo)
    let reply = peer.send(.close, "")
    expect(
      reply.map(\.opcode), equals: [.close],
      "a close between two fragments is answered by a close alone",
      "The message will never be complete, so there is nothing to echo.")
    for frame in [
      text("late"), Frame(opcode: .ping, payload: []), Frame(opcode: .close, payload: []),
    ] {
      expectFrames(peer.send(frame), [], "something is sent after the close", why)
    }
  }

  static func many() {
    let peer = Peer()
    peer.send(.binary, "0", isFinal: false, expecting: [], echo)
    for number in 1...50 {
      peer.send(.ping, "\(number)", expecting: [pong("\(number)")], ping)
      peer.send(.continuation, "\(number % 10)", isFinal: false, expecting: [], echo)
    }
    let text = (0...50).map { "\($0 % 10)" }.joined()
    peer.send(.continuation, "", expecting: [binary(text)], echo)
  }

  /// What one has sent so far must not reach the other, and the end of one is not the end of the
  /// other.
  static func twoClients() {
    let (one, other) = (Peer(), Peer())
    one.send(.text, "Hel", isFinal: false, expecting: [], echo)
    other.send(
      .text, "other", expecting: [text("other")],
      "Another client has a message under way. Each session needs its own variables: nothing here "
        + "may be static or global."
    )
    _ = other.send(Frame(opcode: .close, payload: []))
    one.send(
      .continuation, "lo", expecting: [text("Hello")],
      "Another client has closed its connection in the meantime. Each session needs its own "
        + "variables."
    )
  }

  static func text(_ text: String) -> Frame { Frame(opcode: .text, payload: Array(text.utf8)) }
  static func binary(_ text: String) -> Frame { Frame(opcode: .binary, payload: Array(text.utf8)) }
  static func pong(_ text: String) -> Frame { Frame(opcode: .pong, payload: Array(text.utf8)) }

  /// As failures show it.
  static func describe(_ frame: Frame) -> String {
    "\(frame.opcode) \(show(frame.payload))\(frame.isFinal ? "" : ", not final")"
  }

  static func describe(_ frames: [Frame]) -> String {
    frames.isEmpty ? "nothing" : frames.map { describe($0) }.joined(separator: ", then ")
  }

  static func expectFrames(_ frames: [Frame], _ expected: [Frame], _ problem: String, _ why: String)
  {
    if frames == expected { return }
    fail(problem, why, expected: describe(expected), happened: describe(frames))
  }
}

extension Check {
  /// A client that follows a script.
  final class Peer {
    private var session = EchoSession()

    init() { Events.start("frames:") }

    func send(_ frame: Frame) -> [Frame] {
      Events.add("client: \(describe(frame))")
      let reply = session.receive(frame)
      for frame in reply { Events.add("        server: \(describe(frame))") }
      return reply
    }

    func send(_ opcode: Opcode, _ text: String, isFinal: Bool = true) -> [Frame] {
      send(Frame(opcode: opcode, payload: Array(text.utf8), isFinal: isFinal))
    }

    func send(
      _ opcode: Opcode, _ text: String, isFinal: Bool = true, expecting reply: [Frame],
      _ why: String
    ) {
      expectFrames(
        send(opcode, text, isFinal: isFinal), reply,
        "\(opcode) \(show(text)) is not answered as it should be", why)
    }
  }
}
