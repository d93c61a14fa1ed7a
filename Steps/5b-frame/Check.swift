import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a short message is echoed") { short() },
    Part("messages of every length") { lengths() },
    Part("frames in pieces, and several in one piece") { pieces() },
    Part("frames that a client must not send") { refused() },
    Part("a message that is too long") { tooLong() },
  ]

  static func open() -> Client {
    let client = Program().connect("A")
    client.openWebSocket()
    return client
  }

  static func short() {
    let a = open()
    a.say("Hello")
    a.expectText(
      "Echo: Hello", "A says Hello, but does not get 'Echo: Hello'",
      "A client masks what it sends: each byte of the payload is XORed with one of four bytes, in "
        + "turn. A server does not mask. The first byte of a whole text message is 0x81.")
  }

  static func lengths() {
    let a = open()
    for count in [0, 119, 120, 125, 126, 65_529, 65_530, 65_536] {
      let text = String(repeating: "x", count: count)
      a.say(text)
      a.expectText(
        "Echo: " + text, "a message of \(count) bytes is not echoed",
        "A length up to 125 is in the second byte. There, 126 means that the length is in the next "
          + "two bytes, and 127 that it is in the next eight, highest byte first. The answer is 6 "
          + "bytes longer.")
    }
  }

  static func pieces() {
    let a = open()
    let frame = Client.frame(0x81, Array("Hello".utf8))
    for byte in frame {
      a.send([byte])
      a.settle()
    }
    a.expectText(
      "Echo: Hello", "a frame that arrives byte by byte gets no answer",
      "Wait until the whole frame has arrived: first two bytes, then the length and the mask, then "
        + "the payload."
    )
    a.send(frame + frame + frame.dropLast())
    for _ in 1...2 {
      a.expectText("Echo: Hello", "two frames arrived in one packet, but only one gets an answer")
    }
    a.expectNothing("a frame without its last byte got an answer")
    a.send([frame.last!])
    a.expectText("Echo: Hello", "a frame whose last byte came later gets no answer")
  }

  static func refused() {
    let hello = Array("Hello".utf8)
    let cases: [(String, [UInt8])] = [
      ("it has no mask", Client.frame(0x81, hello, mask: nil)),
      ("it has a reserved bit", Client.frame(0xC1, hello)),
      ("it has opcode 3, which does not exist", Client.frame(0x83, hello)),
    ]
    for (what, frame) in cases {
      let a = open()
      a.send(frame)
      a.expectClose(
        1002, "A's frame violates the protocol (\(what)), but is not refused",
        "Say why in a close frame with code 1002, and close the connection (RFC 6455, section 5).")
    }
  }

  static func tooLong() {
    let a = open()
    a.send([0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4])
    a.expectClose(
      1009, "A announces a message of 4 GiB, and the server waits for it",
      "The server knows the length before the payload arrives, so refuse it at once, with 1009.")
    let b = open()
    b.send([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4])
    b.expectClose(
      1009,
      "A announces a message of almost 2 to the power of 64 bytes, but the server does not "
        + "refuse it",
      "Eight bytes with the highest bit set make a negative Int, and start + length may overflow: "
        + "Swift traps, and the whole server is gone.")
  }
}
