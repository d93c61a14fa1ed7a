import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a message in three fragments") { fragments() },
    Part("a ping between two fragments") { ping() },
    Part("fragments in an impossible order") { order() },
    Part("text is UTF-8") { utf8() },
    Part("the closing handshake") { closes() },
    Part("a silent WebSocket stays open") { silent() },
  ]

  static func open(_ options: String...) -> Client {
    let client = (options.isEmpty ? Program() : Program("--timeout", "200ms")).connect("A")
    client.openWebSocket()
    return client
  }

  static func frame(_ first: UInt8, _ text: String) -> [UInt8] {
    Client.frame(first, Array(text.utf8))
  }

  static func fragments() {
    let a = open()
    a.send(frame(0x01, "Hel") + frame(0x00, "l"))
    a.expectNothing(
      "two fragments of a message got an answer, although the last one has not arrived",
      "FIN, the highest bit of the first byte, says that the message ends with this frame.")
    a.send(frame(0x80, "o"))
    a.expectText("Echo: Hello", "a message in three fragments is not put back together")
    a.send(Client.frame(0x82, [0, 255, 7]))
    let binary = a.receiveFrame()
    expect(
      binary?.first == 0x82 && binary?.payload == [0, 255, 7],
      "a binary message is not echoed unchanged",
      "Only a text message gets the word Echo in front.")
  }

  static func ping() {
    let a = open()
    a.send(frame(0x01, "Hel") + frame(0x89, "still there?") + frame(0x80, "lo"))
    let pong = a.receiveFrame()
    expect(
      pong?.first == 0x8A && pong?.text == "still there?",
      "a ping did not get a pong with the same payload",
      "Control frames may come between the fragments of a message, so that a long message does not "
        + "delay them. They are not part of any message.")
    a.expectText("Echo: Hello", "a ping between two fragments destroyed the message")
    a.send(frame(0x8A, "not asked for"))
    a.say("Hello")
    a.expectText("Echo: Hello", "a pong that the server did not ask for confused it")
  }

  static func order() {
    let cases: [(String, [UInt8])] = [
      ("a continuation of nothing", frame(0x80, "lo")),
      ("a new message inside another", frame(0x01, "Hel") + frame(0x81, "lo")),
      ("a ping in fragments", frame(0x09, "Hel")),
      ("a ping with 126 bytes", frame(0x89, String(repeating: "x", count: 126))),
    ]
    for (what, bytes) in cases {
      let a = open()
      a.send(bytes)
      a.expectClose(1002, "A sent \(what), but is not refused with 1002")
    }
  }

  static func utf8() {
    let a = open()
    a.send(Client.frame(0x01, [0xE2, 0x82]) + Client.frame(0x80, [0xAC]))
    a.expectText(
      "Echo: €", "a character is split across two fragments, and the message is not echoed",
      "The fragments are only bytes. Check whether they are UTF-8 when the message is complete.")
    a.send(Client.frame(0x81, [0x48, 0xFF]))
    a.expectClose(
      1007, "A sent text that is not UTF-8, but is not refused",
      "String(decoding:as:) repairs invalid bytes. String(validating:as:) returns nil.")
  }

  static func closes() {
    let a = open()
    a.send(Client.frame(0x88, [0x03, 0xE8]))
    a.expectClose(1000, "A closed with code 1000, but the server did not answer with the same code")
    let b = open()
    b.send(Client.frame(0x88, []))
    b.expectClose(1005, "A closed without a code, but the answer is not a close frame without one")
    let c = open()
    c.send(Client.frame(0x88, [0x03]))
    c.expectClose(1002, "A closed with half a code, but is not refused")
    let d = open()
    d.send(Client.frame(0x88, [0x03, 0xE8]) + frame(0x81, "Hello"))
    d.expectClose(1000, "after A's close frame, the server still answers messages")
  }

  static func silent() {
    let a = open("--timeout", "200ms")
    let ping = a.receiveFrame(patience: .seconds(1))
    expect(
      ping?.first == 0x89, "A is silent on its WebSocket, but the server sends no ping",
      "A chat client may say nothing for hours, so it must not be disconnected. After the timeout, "
        + "send a ping: if the client is gone, a later send fails, or never finishes.")
    a.say("Hello")
    a.expectText("Echo: Hello", "A was silent, and now its message gets no answer")
  }
}
