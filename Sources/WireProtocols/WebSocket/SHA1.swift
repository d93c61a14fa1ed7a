/// SHA-1 (FIPS 180-4), which the opening handshake requires. It protects nothing here: it only
/// proves that the server knows what a WebSocket is.
struct SHA1 {
  private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
  )

  /// Returns the 20 bytes of the digest.
  static func hash(_ message: [UInt8]) -> [UInt8] {
    var hash = SHA1()
    // Section 5.1.1: a one bit, zeros, and the length in bits fill the last block of 64 bytes.
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    padded += bigEndianBytes(UInt64(message.count) * 8)
    for start in stride(from: 0, to: padded.count, by: 64) {
      hash.compress(padded[start..<start + 64])
    }
    let (a, b, c, d, e) = hash.state
    return [a, b, c, d, e].flatMap(bigEndianBytes)
  }

  /// Adds one block (section 6.1.2).
  private mutating func compress(_ block: ArraySlice<UInt8>) {
    let words = Self.schedule(block)
    var (a, b, c, d, e) = state
    for round in 0..<80 {
      let (mix, constant): (UInt32, UInt32) =
        switch round {
        case ..<20: (b & c | ~b & d, 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = Self.rotate(a, 5) &+ mix &+ e &+ constant &+ words[round]
      (a, b, c, d, e) = (next, a, Self.rotate(b, 30), c, d)
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
  }

  /// Expands the 16 words of a block to one for each of the 80 rounds.
  private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
    var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
      block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<80 {
      let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
      words.append(rotate(mixed, 1))
    }
    return words
  }

  private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word << bits | word >> (32 - bits)
  }
}

/// Returns the bytes of a number, the most significant one first: network byte order.
func bigEndianBytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
