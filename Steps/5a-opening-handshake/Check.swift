import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the handshake of RFC 6455") { sample() },
    Part("the handshake as browsers write it") { browser() },
    Part("requests that are not a handshake") { refused() },
    Part("after the handshake, the server no longer speaks HTTP") { switched() },
  ]

  static let fields = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
  static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="

  static func sample() { open(Program(), fields + [key]) }

  static func browser() {
    let server = Program()
    open(
      server,
      ["Connection: keep-alive, Upgrade", "upgrade: WebSocket", "Sec-WebSocket-Version: 13", key])
  }

  static func open(_ server: Program, _ fields: [String]) {
    let a = server.connect("A")
    a.send((["GET /ws HTTP/1.1", "Host: check"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
    let reply = a.expectReply(
      101, "A asks for a WebSocket, but does not get one",
      "\"Connection\" is a list. Its words are case-insensitive, and so is \"websocket\".")
    let accept = reply.head.split(separator: "\r\n").first {
      $0.lowercased().hasPrefix("sec-websocket-accept:")
    }
    let value = accept?.split(separator: " ").last.map(String.init) ?? ""
    expect(
      value, equals: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      "Sec-WebSocket-Accept does not match the key",
      "The example is from RFC 6455: the Base64 of the SHA-1 of the key followed by the fixed "
        + "string. Use the key exactly as it was sent: a field's name is case-insensitive, but "
        + "this value is not.")
  }

  static func refused() {
    let server = Program()
    let cases: [(String, [String], Int)] = [
      ("no upgrade at all", [key], 426),
      ("another version", ["Upgrade: websocket", "Connection: Upgrade", key], 426),
      ("no key", fields, 400),
      ("a key that is too short", fields + ["Sec-WebSocket-Key: c2hvcnQ="], 400),
    ]
    for (what, fields, status) in cases {
      let a = server.connect("A")
      a.send((["GET /ws HTTP/1.1", "Host: check"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
      a.expectReply(
        status, "A's handshake has an error (\(what)), but the answer is not \(status)",
        "RFC 6455, section 4.2.1 lists what a handshake needs. 426 tells the client to use another "
          + "protocol.")
    }
  }

  static func switched() {
    let server = Program()
    let a = server.connect("A")
    a.send(
      (["GET /ws HTTP/1.1", "Host: check", key] + fields).joined(separator: "\r\n")
        + "\r\n\r\nGET / HTTP/1.1\r\nHost: check\r\n\r\n")
    a.expectReply(101, "A asks for a WebSocket, but does not get one")
    a.expectNothing(
      "after the 101, the server still answers HTTP",
      "From here on, the bytes are frames. (These are nonsense as frames, and step 5b will say so.)"
    )
  }
}
