import TestSupport
import Testing

@testable import WireProtocols

private func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

@Suite struct SHA1Tests {
  @Test(
    "The digests are those of FIPS 180",
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ])
  func fips(_ message: String, _ digest: String) {
    #expect(hex(SHA1.hash(bytes(message))) == digest)
  }

  @Test(
    "The digest is right for every length around the padding", arguments: sha1OfCounting.indices)
  func lengths(_ count: Int) {
    #expect(hex(SHA1.hash((0..<count).map { UInt8($0) })) == sha1OfCounting[count])
  }
}

@Suite struct Base64Tests {
  @Test(
    "The vectors of RFC 4648 are encoded, and their lengths determined",
    arguments: [
      ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func vectors(_ plain: String, _ encoded: String) {
    #expect(text(Base64.encode(bytes(plain))) == encoded)
    #expect(Base64.decodedCount(bytes(encoded).span) == plain.utf8.count)
  }

  @Test("No bytes are encoded as no text")
  func empty() { #expect(Base64.encode([]) == []) }

  @Test("Every group of six bits has its character")
  func alphabet() {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let encoded = (0..<64).map { text(Base64.encode([UInt8($0) << 2, 0, 0]).prefix(1)) }
    #expect(encoded.joined() == letters)
  }

  @Test(
    "Text that is not canonical Base64 has no length",
    arguments: [
      "", "Z", "Zg", "Zg=", "Zm9", "Zm9vY", "Zg===", "====", "A===", "=AAA", "A=AA", "Zg==Zg==",
      "Zh==", "Zm9=", "Zm-v", "Zm_v", "Zm9 ", "Zm9\n", "Z\0==", "Zm\u{E9}",
    ])
  func refused(_ encoded: String) {
    #expect(Base64.decodedCount(bytes(encoded).span) == nil)
  }
}

@Suite struct HandshakeTests {
  private static let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

  @Test("The key of RFC 6455 section 1.3 gets the answer given there")
  func sample() {
    let accept = Handshake.accept(key: bytes(Self.sampleKey).span)
    #expect(text(accept) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  private static func answer(_ head: String) -> Handshake.Outcome? {
    var parser = RequestParser()
    let input = bytes(head)
    guard case .request = parser.parse(input.span) else { return nil }
    return Handshake.answer(parser.request, input.span)
  }

  private static func request(
    version: String = "13", key: String = sampleKey, upgrade: String = "websocket",
    connection: String = "Upgrade", line: String = "GET / HTTP/1.1"
  ) -> String {
    head(
      line,
      [
        "Host: h", "Upgrade: \(upgrade)", "Connection: \(connection)",
        "Sec-WebSocket-Version: \(version)", "Sec-WebSocket-Key: \(key)",
      ])
  }

  @Test(
    "Opening handshakes that differ only in irrelevant details are accepted",
    arguments: [
      request(), request(upgrade: "WebSocket"), request(upgrade: "h2c, websocket"),
      request(connection: "keep-alive, upgrade"), "\r\n" + request(),
    ])
  func accepted(_ head: String) {
    #expect(Self.answer(head) == .accepted(bytes("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")))
  }

  @Test(
    "A request without an upgrade, or with another version, is told what is expected",
    arguments: [
      get(), request(upgrade: "websockets"), request(connection: "close"),
      request(version: "8"), request(version: ""), request(version: "013"),
      request(version: "13.0"), request(line: "GET / HTTP/1.0"),
      get("Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Key: \(sampleKey)"),
    ])
  func upgradeRequired(_ head: String) {
    #expect(Self.answer(head) == .upgradeRequired)
  }

  @Test(
    "A key that is not 16 bytes in Base64 is an error",
    arguments: [
      "", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA",
      "dGhlIHNhbXBsZSBub25jZQ=",
      "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25j Q==", "dGhlIHNhbXBsZSBub25jZQ==, a",
    ])
  func badKey(_ key: String) {
    #expect(Self.answer(Self.request(key: key)) == .badRequest)
  }
}
