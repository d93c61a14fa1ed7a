/// Returns the bytes of a text.
public func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Returns the text of bytes; invalid UTF-8 is shown as U+FFFD.
public func text(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self)
}

/// Returns the ways to cut a stream of `count` bytes, each as the ends of its pieces without the
/// last one: in one piece, in two at every place, and byte by byte.
public func everyCut(of count: Int) -> [[Int]] {
  let places = Array(1..<max(1, count))
  return [[]] + places.map { [$0] } + [places]
}

/// Returns the same for long streams: in two pieces only at some places, including the first and
/// the last ones.
public func someCuts(of count: Int, step: Int) -> [[Int]] {
  let places = Array(1..<max(1, count))
  let some = places.filter { $0 < 4 || $0 > count - 4 || $0 % step == 0 }
  return [[]] + some.map { [$0] } + [places]
}

/// Cuts bytes at these places.
public func pieces(of bytes: [UInt8], cut: [Int]) -> [[UInt8]] {
  zip([0] + cut, cut + [bytes.count]).map { Array(bytes[$0..<$1]) }
}

/// Numbers that look random and are the same in every run (SplitMix64).
public struct Dice: RandomNumberGenerator {
  public var state: UInt64

  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
