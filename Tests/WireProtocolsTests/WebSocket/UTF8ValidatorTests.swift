import TestSupport
import Testing

@testable import WireProtocols

/// How far a text could be valid: the position of the first byte that makes it invalid, if any, and
/// whether it is complete.
private struct Verdict: Equatable {
  var refusedAt: Int?
  var isComplete = false

  init(_ input: [UInt8], cut: [Int]) {
    var validator = UTF8Validator()
    var start = 0
    for piece in pieces(of: input, cut: cut) {
      guard piece.withUnsafeBytes({ validator.validate($0) }) else {
        // The position within the piece is known from going byte by byte.
        refusedAt = start
        return
      }
      start += piece.count
    }
    isComplete = validator.isComplete
  }

  /// Goes byte by byte, which also finds the position.
  init(_ input: [UInt8]) { self.init(input, cut: Array(1..<max(1, input.count))) }
}

private func isValid(_ input: some Sequence<UInt8>) -> Bool {
  String(validating: input, as: UTF8.self) != nil
}

/// Whether some continuation makes these bytes valid: tries the bounds of every range that a byte
/// can have.
private func hasHope(_ input: [UInt8], more: Int = 3) -> Bool {
  if isValid(input) { return true }
  guard more > 0 else { return false }
  return [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF].contains { hasHope(input + [$0], more: more - 1) }
}

/// The verdict according to the standard library.
private func expectedRefusal(_ input: [UInt8]) -> Int? {
  input.indices.first { !hasHope(Array(input[...$0])) }
}

@Suite struct UTF8ValidatorTests {
  @Test(
    "The first and last code points of every length are valid",
    arguments: [
      0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF,
    ] as [UInt32])
  func boundaries(_ codePoint: UInt32) throws {
    let encoded = Array(String(try #require(Unicode.Scalar(codePoint))).utf8)
    for cut in everyCut(of: encoded.count) {
      let verdict = Verdict(encoded, cut: cut)
      #expect(verdict.refusedAt == nil && verdict.isComplete)
    }
    for count in 1..<encoded.count {
      let verdict = Verdict(Array(encoded.prefix(count)))
      #expect(verdict.refusedAt == nil && !verdict.isComplete, "unfinished text is not invalid")
    }
  }

  /// After Markus Kuhn, "UTF-8 decoder capability and stress test".
  @Test(
    "Malformed text is refused at the first byte that cannot be valid",
    arguments: [
      ("lone continuation", [0x80], 0), ("last continuation", [0xBF], 0),
      ("continuation after ASCII", [0x61, 0x80], 1),
      ("two-byte start, then space", [0xC2, 0x20], 1),
      ("three-byte start, then space", [0xE1, 0x80, 0x20], 2),
      ("four-byte start, then space", [0xF1, 0x80, 0x80, 0x20], 3),
      ("start after start", [0xC2, 0xC2], 1),
      ("impossible FE", [0xFE], 0), ("impossible FF", [0x61, 0xFF], 1),
      ("overlong slash C0", [0xC0, 0xAF], 0), ("overlong slash E0", [0xE0, 0x80, 0xAF], 1),
      ("overlong slash F0", [0xF0, 0x80, 0x80, 0xAF], 1),
      ("overlong slash F8", [0xF8, 0x80, 0x80, 0x80, 0xAF], 0),
      ("longest overlong C1", [0xC1, 0xBF], 0), ("longest overlong E0", [0xE0, 0x9F, 0xBF], 1),
      ("longest overlong F0", [0xF0, 0x8F, 0xBF, 0xBF], 1),
      ("first surrogate", [0xED, 0xA0, 0x80], 1), ("last surrogate", [0xED, 0xBF, 0xBF], 1),
      ("surrogate pair", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80], 1),
      ("U+110000", [0xF4, 0x90, 0x80, 0x80], 1), ("beyond F4", [0xF5, 0x80, 0x80, 0x80], 0),
      ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80], 0),
      ("after eight ASCII bytes", Array(repeating: 0x61, count: 8) + [0x80], 8),
      ("within eight ASCII bytes", [0x61, 0x61, 0xC3, 0x61, 0x61, 0x61, 0x61, 0x61], 3),
      ("eight ASCII bytes within a character", [0xC3] + Array(repeating: 0x61, count: 8), 1),
    ] as [(String, [UInt8], Int)])
  func malformed(_ name: String, _ input: [UInt8], _ place: Int) {
    #expect(Verdict(input).refusedAt == place)
    #expect(expectedRefusal(input) == place)
    for cut in everyCut(of: input.count + 2) {
      #expect(Verdict(input + [0x61, 0x61], cut: cut).refusedAt != nil, "cut at \(cut)")
    }
  }

  @Test("All pairs of bytes are judged as the standard library judges them")
  func allPairs() {
    for first in UInt8.min...255 {
      for second in UInt8.min...255 {
        let verdict = Verdict([first, second])
        #expect((verdict.refusedAt == nil && verdict.isComplete) == isValid([first, second]))
      }
    }
  }

  @Test("All characters of three and four bytes have the same bounds as in the standard library")
  func bounds() {
    let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    for start in UInt8(0xE0)...0xF5 {
      for (second, third) in edges.flatMap({ second in edges.map { (second, $0) } }) {
        for input in [[start, second, third], [start, second, third, 0x80]] {
          let verdict = Verdict(input)
          #expect((verdict.refusedAt == nil && verdict.isComplete) == isValid(input))
        }
      }
    }
  }

  @Test("Damaged text is judged as the standard library judges it, at every cut")
  func corpus() {
    var dice = Dice(state: 2026)
    let alphabet = Array("aZ09 \u{E9}\u{7FF}\u{800}\u{4F60}\u{D7FF}\u{10000}\u{1F600}\u{10FFFF}")
    var refused = 0
    for round in 0..<400 {
      var input = bytes(String((0..<8).map { _ in alphabet.randomElement(using: &dice) ?? "a" }))
      if round % 4 != 0 {
        input[Int.random(in: 0..<input.count, using: &dice)] = .random(in: 0...255, using: &dice)
      }
      let valid = isValid(input)
      if !valid { refused += 1 }
      for cut in everyCut(of: input.count) {
        let verdict = Verdict(input, cut: cut)
        #expect((verdict.refusedAt == nil && verdict.isComplete) == valid, "\(input)")
      }
      if !valid { #expect(Verdict(input).refusedAt == expectedRefusal(input), "\(input)") }
    }
    #expect(refused > 50 && refused < 350, "the samples must include valid and invalid text")
  }
}
