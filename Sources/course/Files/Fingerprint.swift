/// A number that stands for everything a compiled program depends on (FNV-1a, 64 bits).
struct Fingerprint: Equatable, CustomStringConvertible {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Each part counts with its length, so that "ab" and "c" differ from "a" and "bc".
  mutating func add(_ bytes: some Collection<UInt8>) {
    for byte in [UInt8]("\(bytes.count) ".utf8) { mix(byte) }
    for byte in bytes { mix(byte) }
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  private mutating func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

  var description: String { String(hash, radix: 16) }
}
