import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the handshake that RFC 6455 has as its example") { sample() },
    Part("upper and lower case do not matter") { anyCase() },
    Part("Connection is a list") { list() },
    Part("a request that asks for no WebSocket: 426") { noHandshake() },
    Part("another version: 426, and the version that would do") { otherVersion() },
    Part("a key that is not 16 bytes in Base64: 400") { brokenKey() },
    Part("a request with several faults: first no handshake, then the version, then the key") {
      severalFaults()
    },
    Part("other keys") { otherKeys() },
  ]

  static let key = "dGhlIHNhbXBsZSBub25jZQ=="
  static let sampleFields = [
    "host": "server.example.com", "upgrade": "websocket", "connection": "Upgrade",
    "sec-websocket-key": key, "sec-websocket-version": "13",
  ]

  static func sample() {
    let reply = ask()
    expect(
      reply.status, equals: 101, "the server does not switch to the other protocol",
      "All four fields are as they should be.")
    let accept = reply["Sec-WebSocket-Accept"]
    let text = Array(fixedText.utf8)
    expect(
      accept != base64(sha1(decodedBase64(key)! + text)),
      "the proof in Sec-WebSocket-Accept is made from the decoded key",
      "The key is hashed as the text that the client has sent. It is not decoded for that.")
    expect(
      accept != base64(sha1(Array(key.utf8))), "the proof is made from the key alone",
      "Without the fixed text, every server that echoes hashes would pass for a WebSocket server.")
    expect(
      accept, equals: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      "Sec-WebSocket-Accept is not what the client computes",
      "The client does the same computation, and where the results differ it hangs up.")
    for (name, value) in ["Upgrade": "websocket", "Connection": "upgrade"].sorted(by: >) {
      expect(
        reply[name].lowercased(), equals: value, "101 comes without '\(name): \(value)'",
        "The client looks for this field, and hangs up where it is missing.")
    }
  }

  static func anyCase() {
    for changes in [["upgrade": "WebSocket"], ["connection": "upgrade"], ["connection": "UPGRADE"]]
    {
      expect(
        ask(changes).status, equals: 101, "a handshake in upper or lower case is refused",
        "Names of protocols and of options are the same in upper and lower case (RFC 6455 section "
          + "4.2.1). Compare "
          + "both sides in lower case.")
    }
  }

  static func list() {
    for value in ["keep-alive, Upgrade", "Upgrade, keep-alive", "keep-alive,upgrade"] {
      expect(
        ask(["connection": value]).status, equals: 101,
        "a handshake with more than one word in Connection is refused",
        "Firefox sends 'keep-alive, Upgrade'. Look for the word in the list; do not compare the "
          + "whole value."
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
        reply.status != 101, "a request that asks for no WebSocket gets 101",
        "After 101 a server speaks frames. A client that did not ask for them understands nothing."
      )
      expect(
        reply.status, equals: 426, "a request that asks for no WebSocket gets another status",
        "426 (Upgrade Required) says that nothing is broken, and that here another protocol is "
          + "spoken."
      )
      expect(
        reply["Upgrade"].lowercased(), equals: "websocket", "426 does not say what to upgrade to",
        "426 means: ask for another protocol. The field Upgrade says for which.")
    }
    for value in ["keep-alive, no-upgrade", "upgrades", "upgrade-insecure-requests, close"] {
      expect(
        ask(["connection": value]).status, equals: 426,
        "\(show(value)) was taken for a list that contains 'upgrade'",
        "A search in the text finds parts of words, too. Take the list apart, and compare words.")
    }
    for value in ["websocket2", "xwebsocket", "web", "websocket/2"] {
      expect(
        ask(["upgrade": value]).status, equals: 426, "\(show(value)) was taken for 'websocket'",
        "It is another protocol, whose name begins or ends in the same way. Compare the whole "
          + "value."
      )
    }
  }

  static func otherVersion() {
    for version in ["8", "14", "130", "1", "", nil] {
      let reply = ask(["sec-websocket-version": version])
      expect(
        reply.status != 101, "a handshake of another version gets 101",
        "Versions differ in how frames look. A server that says 101 to all of them reads nonsense "
          + "later."
      )
      expect(
        reply.status, equals: 426, "a handshake of another version gets another status",
        "It is a request for a WebSocket, only not for this one: 426, as for a request that asks "
          + "for none."
      )
      expect(
        reply["Upgrade"].lowercased(), equals: "websocket", "426 does not say what to upgrade to",
        "Every 426 has the field Upgrade (RFC 9110 section 15.5.22), this one too.")
      expect(
        reply["Sec-WebSocket-Version"], equals: "13", "426 does not say which version would do",
        "A client that knows several versions tries again with the one that the server names. "
          + "Here it can only "
          + "give up.")
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
        "a key that is not 16 bytes in Base64 is accepted",
        "A client that sends such a key is no WebSocket client, whatever the other fields say "
          + "(RFC 6455 section 4.2.1)."
      )
    }
  }

  static func severalFaults() {
    let brokenKey = ["sec-websocket-key": "AAAA"]
    expect(
      ask(brokenKey.merging(["upgrade": "h2c"]) { $1 }).status, equals: 426,
      "a request that asks for no WebSocket has a broken key, and gets another status than 426",
      "It is no handshake, so its key means nothing. Look at Upgrade and Connection first.")
    let reply = ask(brokenKey.merging(["sec-websocket-version": "8"]) { $1 })
    expect(
      reply.status, equals: 426, "the key is looked at before the version",
      "In another version the key may look different. Name the version that would do first; the "
        + "key of this one comes after."
    )
    expect(
      reply["Sec-WebSocket-Version"], equals: "13", "426 does not say which version would do",
      "The client can try again only if it learns the version.")
  }

  static func otherKeys() {
    for bytes in [Array(repeating: UInt8(0), count: 16), Array(240...255)] {
      let key = base64(bytes)
      let accept = ask(["sec-websocket-key": key])["Sec-WebSocket-Accept"]
      expect(
        accept, equals: base64(sha1(Array((key + text).utf8))),
        "the proof fits the example of the RFC only, or the key of another client",
        "Each client sends its own random key, and the proof is made from it.")
    }
  }

  static let text = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// Sends the sample with some fields changed; `nil` is a field that is not there.
  static func ask(_ changes: [String: String?] = [:]) -> Reply {
    var fields = sampleFields
    for (name, value) in changes { fields[name] = value }
    Events.start("the fields of the request:")
    for (name, value) in fields.sorted(by: <) { Events.add("\(name): \(value)") }
    return Reply(response: answer(fields))
  }
}

extension Check {
  /// The learner's answer; the names of its fields in upper or lower case.
  struct Reply {
    let response: Response
    var status: Int { response.status }

    subscript(name: String) -> String {
      response.fields.first { $0.key.lowercased() == name.lowercased() }?.value ?? ""
    }
  }
}

// The learner's tools.

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
