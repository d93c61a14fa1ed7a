import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the opening handshake of RFC 6455 is accepted on `/echo`") {
      _ = WebSocketPeer("A", "/echo", Program())
    },
    Part("`GET /echo` without a handshake is answered with 426") { noUpgrade() },
    Part("a key that is not 16 bytes in Base64 is answered with 400") { badKey() },
    Part("another version is answered with 426 and an offer of version 13") { version() },
    Part("a text message is echoed, whatever its length") { echo() },
    Part("a frame that arrives in pieces is read as one frame") { pieces() },
    Part("a ping is answered with a pong that has the same payload") { ping() },
    Part("fragments are read as one message, even with a ping between them") { fragments() },
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
      426, "GET /echo without a handshake did not get a 426",
      "The resource exists, but it only works with WebSocket. The status for that is 426 (Upgrade "
        + "Required).")
    expect(
      reply.field("Upgrade")?.lowercased() == "websocket",
      "a 426 did not name the protocol to upgrade to",
      expected: "Upgrade: websocket", happened: show(reply.head))
  }

  static func badKey() {
    let client = Program().connect("A")
    let fields = WebSocketPeer.upgrade.dropLast() + ["Sec-WebSocket-Key: short"]
    client.send(WebSocketPeer.handshake("/echo", Array(fields)))
    client.expectReply(
      400, "a key that is not 16 bytes in Base64 did not get a 400",
      "A client with such a key is not a WebSocket client (RFC 6455, section 4.2.1).")
  }

  static func version() {
    let client = Program().connect("A")
    let fields = WebSocketPeer.upgrade.map { $0.replacing("Version: 13", with: "Version: 8") }
    client.send(WebSocketPeer.handshake("/echo", fields))
    let reply = client.expectReply(426, "version 8 did not get a 426")
    expect(
      reply.field("Sec-WebSocket-Version") == "13", "the server did not offer version 13",
      "The client can try again with a version that the server offers (RFC 6455, section 4.4).",
      expected: "Sec-WebSocket-Version: 13", happened: show(reply.head))
  }

  static func echo() {
    let peer = peer()
    for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
      let payload = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
      peer.send(WebSocketPeer.text, payload)
      peer.expectFrame(
        WebSocketPeer.text, payload, "a text of \(length) bytes was not echoed",
        "A length up to 125 is in the second byte. Up to 65,535, the second byte is 126 and the "
          + "length is in two more bytes; above that, it is 127 and the length is in eight more. "
          + "A client masks its payload, and a server does not.")
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
      "Hello", "a frame that arrived byte by byte was not echoed",
      "A frame is not a packet: even its header may arrive in pieces.")
  }

  static func ping() {
    let peer = peer()
    peer.send(WebSocketPeer.ping, Array("still there?".utf8))
    peer.expectFrame(
      WebSocketPeer.pong, Array("still there?".utf8), "a ping did not get a pong with its payload",
      "The payload tells the client which ping was answered (RFC 6455, section 5.5.3).")
  }

  static func fragments() {
    let peer = peer()
    peer.send(WebSocketPeer.text, Array("Hel".utf8), isLast: false)
    peer.send(WebSocketPeer.ping, Array("p".utf8))
    peer.send(0, Array("lo".utf8))
    peer.expectFrame(
      WebSocketPeer.pong, Array("p".utf8), "a ping between two fragments was not answered at once",
      "Control frames may come between the fragments of a message (RFC 6455, section 5.4).")
    peer.expectText(
      "Hello", "two fragments were not echoed as one message",
      "A message is complete when the frame with the FIN bit has arrived.")
  }

  static func close() {
    let peer = peer()
    peer.send(WebSocketPeer.close, [0x03, 0xE8])
    peer.expectClose(
      1000, "a close frame was not answered with its code",
      "Both sides send a close frame, and then the server closes the connection (RFC 6455, section "
        + "5.5.1).")
    peer.client.expectEnd("the connection stayed open after both sides sent a close frame")
  }

  static func unmasked() {
    let peer = peer()
    peer.send(WebSocketPeer.text, Array("Hello".utf8), isMasked: false)
    peer.expectClose(
      1002, "a frame without a mask was not refused with 1002",
      "A client must mask its frames, and a server must close the connection if it does not (RFC "
        + "6455, section 5.1)."
    )
  }

  static func utf8() {
    let peer = peer()
    peer.send(WebSocketPeer.text, [0x48, 0xFF])
    peer.expectClose(
      1007, "text that is not UTF-8 was not refused with 1007",
      "The payload of a text message must be UTF-8 (RFC 6455, section 8.1).")
  }

  static func tooLong() {
    let peer = peer()
    // The header alone is enough: the length in it is over the limit.
    peer.client.send([0x81, 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 2, 3, 4])
    peer.expectClose(
      1009, "a message of 2 MiB was not refused with 1009",
      "Without a limit, a single client decides how much memory the server uses.")
  }
}
