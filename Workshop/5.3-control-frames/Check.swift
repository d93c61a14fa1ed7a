import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("messages are echoed, however many fragments they have") { messages() },
    Part("two clients at the same time") { twoClients() },
    Part("a ping between two messages") { pingBetweenMessages() },
    Part("a ping between two fragments") { pingBetweenFragments() },
    Part("three control frames between two fragments") { severalBetweenFragments() },
    Part("a close is answered with the same code") { closeHasACode() },
    Part("nothing is sent after the close") { nothingAfterTheClose() },
    Part("fifty fragments, with a ping before each one") { many() },
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
    "A message is echoed as one frame of the same kind as soon as its last fragment has arrived."

  static func pingBetweenMessages() {
    let peer = Peer()
    peer.send(.text, "Hello", expecting: [text("Hello")], echo)
    peer.send(.ping, "1", expecting: [pong("1")], ping)
    peer.send(.pong, "", expecting: [], "A pong is already an answer, so don't answer it.")
    peer.send(.text, "World", expecting: [text("World")], echo)
  }

  static let ping =
    "A ping asks whether the other side is still alive. The pong carries the same payload, so that "
    + "the sender knows which ping it answers."

  static func pingBetweenFragments() {
    let peer = Peer()
    peer.send(.text, "Hel", isFinal: false, expecting: [], echo)
    let reply = peer.send(.ping, "you there?")
    expect(
      !reply.isEmpty, "the ping got no answer before the message was complete",
      "The next fragment may arrive an hour later. By then the client will have given up on the "
        + "connection.")
    expectFrames(
      reply, [pong("you there?")], "the ping's payload was mixed with the payload of the message",
      "A ping between two fragments is not part of the message, and its payload belongs to the "
        + "ping alone."
    )
    let rest = peer.send(.continuation, "lo")
    expect(
      rest != [text("lo")], "the first half of the message was lost",
      "The ping erased the unfinished message. A control frame must not touch the message.")
    expect(
      rest.first?.opcode != .pong,
      "the server answered the second half of the message as if it were a ping",
      "A continuation belongs to the unfinished message, not to the frame that came before it.")
    expectFrames(
      rest, [text("Hello")], "a ping in the middle of a message changed the message",
      "The message must be echoed as if the ping had not been there.")
  }

  static func severalBetweenFragments() {
    let peer = Peer()
    peer.send(.binary, "a", isFinal: false, expecting: [], echo)
    peer.send(.ping, "1", expecting: [pong("1")], ping)
    peer.send(
      .pong, "anybody?", expecting: [],
      "A pong that the server did not ask for is not a message. Ignore it.")
    peer.send(.continuation, "b", isFinal: false, expecting: [], echo)
    peer.send(.ping, "", expecting: [pong("")], ping)
    peer.send(.continuation, "c", expecting: [binary("abc")], echo)
  }

  static func closeHasACode() {
    for code: [UInt8] in [[0x03, 0xE8], [0x0F, 0xA0], []] {
      let peer = Peer()
      let reply = peer.send(Frame(opcode: .close, payload: code))
      expect(
        reply.map(\.opcode), equals: [.close], "the close was not answered by exactly one close",
        "The client waits for this answer: it tells the client that the server has read everything "
          + "before the close.")
      expect(
        reply[0].payload, equals: code,
        "the close was answered without its code, or with a different one",
        "The first two bytes of the payload are a code that says why the connection ends (1000 is "
          + "normal). Without the code, the client reports 1005: no status.")
    }
    let reply = Peer().send(Frame(opcode: .close, payload: [0x03, 0xE9] + Array("bye".utf8)))
    let payload = reply.first?.payload ?? []
    expect(
      payload.starts(with: [0x03, 0xE9]), "the close was answered without its code",
      "The code is the first two bytes. A reason may follow it, as text.")
    expect(
      payload, equals: [0x03, 0xE9], "the client's reason was sent back",
      "The code may be followed by a reason: text that the client chose. It may not even be valid "
        + "UTF-8, and a server that sends such a reason back violates the protocol, too. Send only "
        + "the first two bytes, the code."
    )
  }

  static func nothingAfterTheClose() {
    let peer = Peer()
    let why =
      "After a close frame, an endpoint must not send anything (RFC 6455 section 5.5.1). Clients "
      + "treat it as a protocol error."
    peer.send(.text, "half", isFinal: false, expecting: [], echo)
    let reply = peer.send(.close, "")
    expect(
      reply.map(\.opcode), equals: [.close],
      "a close between two fragments was not answered by a close alone",
      "The message will never be complete, so there is nothing to echo.")
    for frame in [
      text("late"), Frame(opcode: .ping, payload: []), Frame(opcode: .close, payload: []),
    ] {
      expectFrames(peer.send(frame), [], "something was sent after the close", why)
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

  /// The fragments of one client must not reach the other, and closing one session must not close
  /// the other.
  static func twoClients() {
    let (one, other) = (Peer(), Peer())
    one.send(.text, "Hel", isFinal: false, expecting: [], echo)
    other.send(
      .text, "other", expecting: [text("other")],
      "Another client has an unfinished message. Each session needs its own variables: nothing "
        + "here may be static or global."
    )
    _ = other.send(Frame(opcode: .close, payload: []))
    one.send(
      .continuation, "lo", expecting: [text("Hello")],
      "Another client closed its connection in the meantime. Each session needs its own variables."
    )
  }

  static func text(_ text: String) -> Frame { Frame(opcode: .text, payload: Array(text.utf8)) }
  static func binary(_ text: String) -> Frame { Frame(opcode: .binary, payload: Array(text.utf8)) }
  static func pong(_ text: String) -> Frame { Frame(opcode: .pong, payload: Array(text.utf8)) }

  /// Describes a frame in the words that a failure message uses.
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
        "\(opcode) \(show(text)) got the wrong answer", why)
    }
  }
}
