import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("messages come back, however many fragments they have") { messages() },
    Part("a ping between two messages") { pingBetweenMessages() },
    Part("a ping between two fragments") { pingBetweenFragments() },
    Part("three control frames between two fragments") { severalBetweenFragments() },
    Part("a close is answered with its code") { closeHasACode() },
    Part("behind the close comes nothing") { nothingBehindTheClose() },
  ]

  static func messages() {
    let peer = Peer()
    peer.send(.text, "Hello", expecting: [.text("Hello")], echo)
    peer.send(.binary, "01", isFinal: false, expecting: [], echo)
    peer.send(.continuation, "23", isFinal: false, expecting: [], echo)
    peer.send(.continuation, "45", expecting: [.binary("012345")], echo)
    peer.send(.text, "", expecting: [.text("")], echo)
    peer.send(.text, "again", expecting: [.text("again")], echo)
  }

  static let echo =
    "A message comes back as one frame of the same kind, when its last fragment is there."

  static func pingBetweenMessages() {
    let peer = Peer()
    peer.send(.text, "Hello", expecting: [.text("Hello")], echo)
    peer.send(.ping, "1", expecting: [.pong("1")], pong)
    peer.send(.pong, "", expecting: [], "A pong is an answer, and answers need none.")
    peer.send(.text, "World", expecting: [.text("World")], echo)
  }

  static let pong =
    "A ping asks whether you are there. The pong carries the same payload, so that the asker knows which one."

  static func pingBetweenFragments() {
    let peer = Peer()
    peer.send(.text, "Hel", isFinal: false, expecting: [], echo)
    let reply = peer.send(.ping, "you there?")
    expect(
      !reply.isEmpty, "the ping gets no answer before the message is complete",
      "The next fragment may be an hour away. By then the client has given the connection up.")
    expect(
      reply, equals: [.pong("you there?")], "the ping's payload was mixed with the message's",
      "A ping that comes between two fragments is no part of the message: what it carries is its own."
    )
    let rest = peer.send(.continuation, "lo")
    expect(
      rest != [.text("lo")], "the first half of the message is lost",
      "The ping has emptied the message that was under way. It is none of its business.")
    expect(
      rest.first?.opcode != .pong, "the second half of the message was answered as a ping",
      "A continuation belongs to the message that was begun, not to whatever frame came before it.")
    expect(
      rest, equals: [.text("Hello")], "the message has suffered from the ping in its middle",
      "It must come back as if the ping had not been there.")
  }

  static func severalBetweenFragments() {
    let peer = Peer()
    peer.send(.binary, "a", isFinal: false, expecting: [], echo)
    peer.send(.ping, "1", expecting: [.pong("1")], pong)
    peer.send(.pong, "anybody?", expecting: [], "A pong that nobody has asked for is no message.")
    peer.send(.continuation, "b", isFinal: false, expecting: [], echo)
    peer.send(.ping, "", expecting: [.pong("")], pong)
    peer.send(.continuation, "c", expecting: [.binary("abc")], echo)
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
        "The first two bytes of the payload say why the connection ends (1000 is normal). Without them the client "
          + "reports 1005: no status.")
    }
    let reply = Peer().send(Frame(opcode: .close, payload: [0x03, 0xE9] + Array("bye".utf8)))
    let payload = reply.first?.payload ?? []
    expect(
      payload.starts(with: [0x03, 0xE9]), "the close comes back without its code",
      "Behind the code there may be a reason, as text. The code is the first two bytes.")
    expect(
      payload, equals: [0x03, 0xE9], "the client's reason comes back to it",
      "Behind the code there may be a reason, as text, in the client's words. It need not even be valid UTF-8, and who sends such "
        + "a reason breaks the protocol. The code is the first two bytes; send these.")
  }

  static func nothingBehindTheClose() {
    let peer = Peer()
    let why =
      "After a close frame an endpoint sends nothing more (RFC 6455 section 5.5.1). Clients take it for an error."
    peer.send(.text, "half", isFinal: false, expecting: [], echo)
    let reply = peer.send(.close, "")
    expect(
      reply.map(\.opcode), equals: [.close],
      "a close between two fragments is answered by a close alone",
      "The message will never be complete, so there is nothing to echo.")
    for frame in [
      Frame.text("late"), Frame(opcode: .ping, payload: []), Frame(opcode: .close, payload: []),
    ] {
      expect(peer.send(frame), equals: [], "something is sent behind the close", why)
    }
  }
}

/// A client that follows a script.
final class Peer {
  private var session = EchoSession()

  init() { Events.start("frames:") }

  func send(_ frame: Frame) -> [Frame] {
    Events.add("client: \(frame)")
    let reply = session.receive(frame)
    for frame in reply { Events.add("        server: \(frame)") }
    return reply
  }

  func send(_ opcode: Opcode, _ text: String, isFinal: Bool = true) -> [Frame] {
    send(Frame(opcode: opcode, payload: Array(text.utf8), isFinal: isFinal))
  }

  func send(
    _ opcode: Opcode, _ text: String, isFinal: Bool = true, expecting reply: [Frame], _ why: String
  ) {
    expect(
      send(opcode, text, isFinal: isFinal), equals: reply,
      "\(opcode) \(show(text)) is not answered as it should be", why)
  }
}

extension Frame: CustomStringConvertible {
  static func text(_ text: String) -> Frame { Frame(opcode: .text, payload: Array(text.utf8)) }
  static func binary(_ text: String) -> Frame { Frame(opcode: .binary, payload: Array(text.utf8)) }
  static func pong(_ text: String) -> Frame { Frame(opcode: .pong, payload: Array(text.utf8)) }

  /// As failures show it.
  var description: String { "\(opcode) \(show(payload))\(isFinal ? "" : ", not final")" }
}
