import TestSupport
import Testing

@testable import WireProtocols

@Suite struct AsciiTests {
  private static let alphanumeric = Set(
    bytes("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))

  private static func members(_ set: CharacterSet128) -> Set<UInt8> {
    Set((UInt8.min...255).filter(set.contains))
  }

  @Test("The character sets are those of the grammars")
  func characterSets() {
    // RFC 9110 section 5.6.2.
    let token = Self.alphanumeric.union(bytes("!#$%&'*+-.^_`|~"))
    #expect(Self.members(.token) == token)
    // RFC 3986 section 3.2.2: unreserved, percent and sub-delims in a name; hexadecimal groups in
    // an IPv6 address.
    #expect(Self.members(.host) == Self.alphanumeric.union(bytes("-._~%!$&'()*+,;=")))
    #expect(Self.members(.ipv6) == Set(bytes("0123456789ABCDEFabcdef:.")))
    #expect(Self.members(.digit) == Set(bytes("0123456789")))
    #expect(Self.members(.target) == Set(0x21...0x7E).subtracting(bytes("#")))
  }

  @Test("A run of characters ends at the first other character, or with the text")
  func runs() {
    let ends = ["", "a", "abc", "ab c", " ab", "\u{E9}"].map {
      bytes($0).span.end(of: .token, from: 0)
    }
    #expect(ends == [0, 1, 3, 2, 0, 0])
    #expect(bytes("ab cd e").span.end(of: .token, from: 3) == 5)
    #expect(bytes("ab").span.end(of: .token, from: 2) == 2)
  }

  @Test("A byte is found only at or after the start")
  func firstIndex() {
    let input = bytes("a:b:")
    let places = (0...5).map { input.span.firstIndex(of: Ascii.colon, from: $0) }
    #expect(places == [1, 1, 3, 3, nil, nil])
    #expect([UInt8]().span.firstIndex(of: 0, from: 0) == nil)
  }

  @Test("A control character is found at any position, and nothing else is taken for one")
  func controlCharacters() {
    let controls = Set((UInt8.min...0x1F)).subtracting([Ascii.tab]).union([0x7F])
    for count in 1...25 {
      for filler in [0x20, 0x61, 0x7E, 0x80, 0xFF, Ascii.tab] {
        var text = [UInt8](repeating: filler, count: count)
        for place in 0..<count {
          for byte in UInt8.min...255 {
            text[place] = byte
            let found = text.span.hasControlCharacter
            #expect(found == controls.contains(byte), "\(byte) at \(place) of \(count)")
          }
          text[place] = filler
        }
      }
    }
    let nothing = [UInt8]().span.hasControlCharacter
    #expect(!nothing)
  }
}
