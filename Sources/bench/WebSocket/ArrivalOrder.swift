/// Whether numbered messages arrive in order, each once. It remembers which of the 64 before the
/// highest number have arrived.
struct ArrivalOrder {
  enum Place {
    case next
    /// After one with a higher number.
    case late
    case again
  }

  /// One more than the highest number so far.
  private var end: UInt64 = 0
  /// Bit n: number `end - 1 - n` has not arrived.
  private var missing: UInt64 = 0

  @inline(__always)
  mutating func place(of number: UInt64) -> Place {
    guard number < end else {
      let skipped = number - end
      // A shift by 64 or more leaves nothing.
      missing = missing << (skipped + 1) | ((1 << skipped) &- 1) << 1
      end = number + 1
      return .next
    }
    let bit: UInt64 = 1 << (end - 1 - number)
    guard missing & bit != 0 else { return .again }
    missing &= ~bit
    return .late
  }
}
