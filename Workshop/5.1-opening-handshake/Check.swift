import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the example handshake of RFC 6455") { sample() },
    Part("uppercase and lowercase make no difference") { anyCase() },
    Part("Connection is a list") { list() },
    Part("a request that is not a WebSocket handshake gets 426") { noHandshake() },
    Part("a handshake with another version gets 426 and the supported version") { otherVersion() },
    Part("a key that is not 16 bytes in Base64 gets 400") { brokenKey() },
    Part("a request with several errors: check the upgrade first, then the version, then the key") {
      severalFaults()
    },
    Part("the accept value depends on the client's key") { otherKeys() },
  ]

  static let key = "dGhlIHNhbXBsZSBub25jZQ=="
  static let sampleFields = [
    "host": "server.example.com", "upgrade": "websocket", "connection": "Upgrade",
    "sec-websocket-key": key, "sec-websocket-version": "13",
  ]

  static func sample() {
    let reply = ask()
    expect(
      reply.status, equals: 101, "a correct handshake did not get status 101",
      "All four fields are correct. The browser reports a failed connection if it gets any other "
        + "status.")
    let accept = reply["Sec-WebSocket-Accept"]
    let text = Array(fixedText.utf8)
    expect(
      accept != base64(sha1(decodedBase64(key)! + text)),
      "Sec-WebSocket-Accept is computed from the decoded key",
      "Hash the key as the text that the client sent. Do not decode it first.")
    expect(
      accept != base64(sha1(Array(key.utf8))),
      "Sec-WebSocket-Accept is computed from the key alone",
      "Append the fixed text to the key before you hash it. Without it, a server that knows "
        + "nothing about WebSockets but happens to hash its input would look like a WebSocket "
        + "server.")
    expect(
      accept, equals: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      "Sec-WebSocket-Accept is not the value that the client computes",
      "The client does the same computation, and it hangs up if the results differ.")
    for (name, value) in ["Upgrade": "websocket", "Connection": "upgrade"].sorted(by: >) {
      expect(
        reply[name].lowercased(), equals: value, "the 101 response lacks '\(name): \(value)'",
        "The client looks for this field and hangs up if it is missing.")
    }
  }

  static func anyCase() {
    for changes in [["upgrade": "WebSocket"], ["connection": "upgrade"], ["connection": "UPGRADE"]]
    {
      expect(
        ask(changes).status, equals: 101,
        "a handshake with different capitalization was refused",
        "These values are case-insensitive (RFC 6455 section 4.2.1). Convert them to lowercase "
          + "before you compare.")
    }
  }

  static func list() {
    for value in ["keep-alive, Upgrade", "Upgrade, keep-alive", "keep-alive,upgrade"] {
      expect(
        ask(["connection": value]).status, equals: 101,
        "a handshake with more than one word in Connection was refused",
        "Firefox sends 'keep-alive, Upgrade'. Look for the word in the list instead of comparing "
          + "the whole value."
      )
    }
  }

  static func noHandshake() {
    let requests = [
      ["upgrade": nil, "connection": nil], ["upgrade": nil], ["connection": nil],
      ["upgrade": "h2c"], ["connection": "keep-alive"], ["upgrade": ""], ["connection": ""],
    ]
    for changes in requests {
      let reply = ask(changes)
      expect(
        reply.status != 101, "a request that is not a WebSocket handshake got 101",
        "After 101, the server sends frames. A client that did not ask for a WebSocket cannot read "
          + "them."
      )
      expect(
        reply.status, equals: 426, "a request that is not a WebSocket handshake did not get 426",
        "426 (Upgrade Required) tells the client that the request is not broken, but that this "
          + "resource needs another protocol."
      )
      expect(
        reply["Upgrade"].lowercased(), equals: "websocket",
        "the 426 response does not name the protocol to upgrade to",
        "426 tells the client to ask for another protocol, and the Upgrade field names it.")
    }
    for value in ["keep-alive, no-upgrade", "upgrades", "upgrade-insecure-requests, close"] {
      expect(
        ask(["connection": value]).status, equals: 426,
        "Connection: \(show(value)) was accepted, but it does not contain the word 'upgrade'",
        "A text search also finds parts of words. Split the list, and compare whole words.")
    }
    for value in ["websocket2", "xwebsocket", "web", "websocket/2"] {
      expect(
        ask(["upgrade": value]).status, equals: 426,
        "Upgrade: \(show(value)) was accepted as 'websocket'",
        "This is another protocol, whose name only starts or ends the same way. Compare the whole "
          + "value."
      )
    }
  }

  static func otherVersion() {
    for version in ["8", "14", "130", "1", "", nil] {
      let reply = ask(["sec-websocket-version": version])
      expect(
        reply.status != 101, "a handshake with another version got 101",
        "Each version has its own frame format. A server that answers 101 to all of them misreads "
          + "the frames that follow."
      )
      expect(
        reply.status, equals: 426, "a handshake with another version did not get 426",
        "The client asks for a WebSocket, but for a version that this server does not support. The "
          + "answer is 426, as for a request that is not a handshake."
      )
      expect(
        reply["Upgrade"].lowercased(), equals: "websocket",
        "the 426 response does not name the protocol to upgrade to",
        "Every 426 response needs the Upgrade field (RFC 9110 section 15.5.22), including this "
          + "one.")
      expect(
        reply["Sec-WebSocket-Version"], equals: "13",
        "the 426 response does not name the supported version",
        "A client that supports several versions tries again with the version that the server "
          + "names. Without it, the client can only give up.")
    }
  }

  static func brokenKey() {
    let keys = [
      nil, "", "AAAA", "dGhlIHNhbXBsZSBub25jZSE/", "dGhlIHNhbXBsZSBub25j*Q==",
      "dGhlIHNhbXBsZSBub25j",
      "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25jZQ",
    ]
    for key in keys {
      expect(
        ask(["sec-websocket-key": key]).status, equals: 400,
        "a key that is not 16 bytes in Base64 was accepted",
        "The sender of this key is not a WebSocket client, whatever its other fields say (RFC 6455 "
          + "section 4.2.1). Answer 400."
      )
    }
  }

  static func severalFaults() {
    let brokenKey = ["sec-websocket-key": "AAAA"]
    expect(
      ask(brokenKey.merging(["upgrade": "h2c"]) { $1 }).status, equals: 426,
      "a request that is not a handshake and also has a broken key did not get 426",
      "It is not a handshake, so its key has no meaning. Check Upgrade and Connection first.")
    let reply = ask(brokenKey.merging(["sec-websocket-version": "8"]) { $1 })
    expect(
      reply.status, equals: 426, "the key was checked before the version",
      "Another version may use a different key format. Check the version first and name the "
        + "supported one. Check the key after that."
    )
    expect(
      reply["Sec-WebSocket-Version"], equals: "13",
      "the 426 response does not name the supported version",
      "The client can only try again if it learns the supported version.")
  }

  static func otherKeys() {
    for bytes in [Array(repeating: UInt8(0), count: 16), Array(240...255)] {
      let key = base64(bytes)
      let accept = ask(["sec-websocket-key": key])["Sec-WebSocket-Accept"]
      expect(
        accept, equals: base64(sha1(Array((key + text).utf8))),
        "Sec-WebSocket-Accept is right for the RFC's example key, but not for this one",
        "Each client sends its own random key. Compute the value from this request's key, and keep "
          + "nothing from an earlier request.")
    }
  }

  static let text = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// Sends the example handshake with some fields changed; `nil` removes a field.
  static func ask(_ changes: [String: String?] = [:]) -> Reply {
    var fields = sampleFields
    for (name, value) in changes { fields[name] = value }
    Events.start("the fields of the request:")
    for (name, value) in fields.sorted(by: <) { Events.add("\(name): \(value)") }
    return Reply(response: answer(fields))
  }
}

extension Check {
  /// The learner's response, with field names compared case-insensitively.
  struct Reply {
    let response: Response
    var status: Int { response.status }

    subscript(name: String) -> String {
      response.fields.first { $0.key.lowercased() == name.lowercased() }?.value ?? ""
    }
  }
}

// Tools for the learner.

func base64(_ bytes: [UInt8]) -> String {
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = Array(bytes[start..<min(start + 3, bytes.count)])
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0...group.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
    for _ in group.count..<3 { text.append(UInt8(ascii: "=")) }
  }
  return String(decoding: text, as: UTF8.self)
}

func decodedBase64(_ text: String) -> [UInt8]? {
  let letters = text.utf8.prefix { $0 != UInt8(ascii: "=") }
  var bits = 0
  var bytes: [UInt8] = []
  for (index, letter) in letters.enumerated() {
    guard let value = alphabet.firstIndex(of: letter) else { return nil }
    bits = (bits << 6 | value) & 0xFFFF
    if index % 4 != 0 { bytes.append(UInt8(bits >> (6 - index % 4 * 2) & 0xFF)) }
  }
  return base64(bytes) == text ? bytes : nil
}

private let alphabet = Array(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

func sha1(_ message: [UInt8]) -> [UInt8] {
  var padded = message + [0x80]
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  padded += withUnsafeBytes(of: UInt64(message.count * 8).bigEndian) { Array($0) }
  var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
  for start in stride(from: 0, to: padded.count, by: 64) {
    compress(padded[start..<start + 64], into: &state)
  }
  return state.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
}

private func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
  var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
    block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }
  for i in 16..<80 {
    words.append(rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1))
  }
  var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
  for round in 0..<80 {
    let (mix, constant): (UInt32, UInt32) =
      switch round {
      case ..<20: (b & c | ~b & d, 0x5A82_7999)
      case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
      case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
      default: (b ^ c ^ d, 0xCA62_C1D6)
      }
    let next = rotated(a, 5) &+ mix &+ e &+ constant &+ words[round]
    (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
  }
  state = zip(state, [a, b, c, d, e]).map { $0 &+ $1 }
}

private func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
  word << bits | word >> (32 - bits)
}
