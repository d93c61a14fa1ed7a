/// Whether numbered messages come in their order, each once. Of those before the highest it
/// remembers 64.
struct ArrivalOrder {
  enum Place {
    case next
    /// Behind one with a higher number.
    case late
    case again
  }

  /// One more than the highest number so far.
  private var end: UInt64 = 0
  /// Bit n: number `end - 1 - n` has not come.
  private var missing: UInt64 = 0

  @inline(__always)
  mutating func place(of number: UInt64) -> Place {
    guard number < end else {
      let skipped = number - end
      // By 64 and more, nothing is left of what is shifted.
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
