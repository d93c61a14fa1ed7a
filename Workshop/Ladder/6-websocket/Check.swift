import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the opening handshake of RFC 6455 is accepted on `/echo`") {
      _ = WebSocketPeer("A", "/echo", Program())
    },
    Part("`GET /echo` without a handshake is answered with 426") { noUpgrade() },
    Part("a key that is not 16 bytes in Base64 is answered with 400") { badKey() },
    Part("another version is answered with 426, and 13 is offered") { version() },
    Part("a text message comes back, whatever its length") { echo() },
    Part("a frame that came in pieces is one frame") { pieces() },
    Part("a ping is answered with a pong that has the same payload") { ping() },
    Part("fragments are one message, also with a ping in between") { fragments() },
    Part("a close frame is answered with its code, and the connection ends") { close() },
    Part("a frame without a mask is refused with 1002") { unmasked() },
    Part("text that is not UTF-8 is refused with 1007") { utf8() },
    Part("a message of more than 1 MiB is refused with 1009") { tooLong() },
  ]

  static func peer() -> WebSocketPeer { WebSocketPeer("A", "/echo", Program()) }

  static func noUpgrade() {
    let client = Program().connect("A")
    client.send(request("/echo"))
    let reply = client.expectReply(
      426, "GET /echo without a handshake is not answered with 426",
      "The resource exists, and only WebSocket works there: 426 Upgrade Required.")
    expect(
      reply.field("Upgrade")?.lowercased() == "websocket", "a 426 does not say what to upgrade to",
      expected: "Upgrade: websocket", happened: show(reply.head))
  }

  static func badKey() {
    let client = Program().connect("A")
    let fields = WebSocketPeer.upgrade.dropLast() + ["Sec-WebSocket-Key: short"]
    client.send(WebSocketPeer.handshake("/echo", Array(fields)))
    client.expectReply(
      400, "a key that is not 16 bytes in Base64 is not answered with 400",
      "Such a client does not speak WebSocket (RFC 6455, section 4.2.1).")
  }

  static func version() {
    let client = Program().connect("A")
    let fields = WebSocketPeer.upgrade.map { $0.replacing("Version: 13", with: "Version: 8") }
    client.send(WebSocketPeer.handshake("/echo", fields))
    let reply = client.expectReply(426, "version 8 is not answered with 426")
    expect(
      reply.field("Sec-WebSocket-Version") == "13", "the server does not offer version 13",
      "The client can try again with a version that is offered (RFC 6455, section 4.4).",
      expected: "Sec-WebSocket-Version: 13", happened: show(reply.head))
  }

  static func echo() {
    let peer = peer()
    for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
      let payload = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
      peer.send(WebSocketPeer.text, payload)
      peer.expectFrame(
        WebSocketPeer.text, payload, "a text of \(length) bytes does not come back",
        "Lengths up to 125 are in the second byte, up to 65,535 in two more bytes (126), above "
          + "that in eight more (127). The payload from a client is masked, the one to it is not.")
    }
  }

  static func pieces() {
    let peer = peer()
    let mask: [UInt8] = [1, 2, 3, 4]
    let frame = [0x81, 0x85] + mask + zip("Hello".utf8, mask + mask).map { $0 ^ $1 }
    for byte in frame {
      peer.client.send([byte])
      peer.client.settle()
    }
    peer.expectText(
      "Hello", "a frame that came byte by byte does not come back",
      "A frame is no packet: its header may be cut as well.")
  }

  static func ping() {
    let peer = peer()
    peer.send(WebSocketPeer.ping, Array("still there?".utf8))
    peer.expectFrame(
      WebSocketPeer.pong, Array("still there?".utf8), "a ping is not answered with its pong",
      "The payload tells the client which ping it was (RFC 6455, section 5.5.3).")
  }

  static func fragments() {
    let peer = peer()
    peer.send(WebSocketPeer.text, Array("Hel".utf8), isLast: false)
    peer.send(WebSocketPeer.ping, Array("p".utf8))
    peer.send(0, Array("lo".utf8))
    peer.expectFrame(
      WebSocketPeer.pong, Array("p".utf8), "a ping between two fragments is not answered at once",
      "Control frames may come between the fragments of a message (RFC 6455, section 5.4).")
    peer.expectText(
      "Hello", "two fragments do not come back as one message",
      "A message is complete with the frame that has the FIN bit.")
  }

  static func close() {
    let peer = peer()
    peer.send(WebSocketPeer.close, [0x03, 0xE8])
    peer.expectClose(
      1000, "a close frame is not answered with its code",
      "Both sides say close, then the server ends the connection (RFC 6455, section 5.5.1).")
    peer.client.expectEnd("the connection stays open after both sides have said close")
  }

  static func unmasked() {
    let peer = peer()
    peer.send(WebSocketPeer.text, Array("Hello".utf8), isMasked: false)
    peer.expectClose(
      1002, "a frame without a mask is not refused with 1002",
      "A client must mask what it sends; a server must close if it does not (RFC 6455, section "
        + "5.1)."
    )
  }

  static func utf8() {
    let peer = peer()
    peer.send(WebSocketPeer.text, [0x48, 0xFF])
    peer.expectClose(
      1007, "text that is not UTF-8 is not refused with 1007",
      "A text message is UTF-8 (RFC 6455, section 8.1).")
  }

  static func tooLong() {
    let peer = peer()
    // The length alone is enough to know.
    peer.client.send([0x81, 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 2, 3, 4])
    peer.expectClose(
      1009, "a message of 2 MiB is not refused with 1009",
      "Without a limit one client decides how much memory the server uses.")
  }
}
