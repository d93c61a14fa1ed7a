/// The choices of one run: who goes on, wherever there is more than one who could.
struct Schedule {
  private struct Choice {
    var taken: Int
    let count: Int
  }

  private let interruptions: Int
  private var dice: Dice?
  private var choices: [Choice] = []
  private var position = 0
  private var interrupted = 0

  /// The first of the orders that interrupt a thread at most so often; see ``next``.
  init(interruptions: Int) { self.interruptions = interruptions }

  /// An order that dice decide. The same number always means the same order.
  init(dice number: Int) {
    interruptions = .max
    dice = Dice(number)
  }

  /// - Parameter interrupts: whether any choice but the first stops a thread that could go on.
  mutating func choose(among count: Int, interrupts: Bool) -> Int {
    if count == 1 || (interrupts && interrupted == interruptions) { return 0 }
    if let number = dice?.roll() { return interrupts && number % 2 == 0 ? 0 : number / 2 % count }
    if position == choices.count { choices.append(Choice(taken: 0, count: count)) }
    let taken = choices[position].taken
    position += 1
    if interrupts && taken > 0 { interrupted += 1 }
    return taken
  }

  /// The next order to try; `nil` after the last one. It takes the same choices up to the last one that had an alternative,
  /// and there the alternative: a search in depth.
  var next: Schedule? {
    var next = self
    (next.position, next.interrupted) = (0, 0)
    while let last = next.choices.popLast() {
      if last.taken + 1 < last.count {
        next.choices.append(Choice(taken: last.taken + 1, count: last.count))
        return next
      }
    }
    return nil
  }
}

/// Numbers as from dice, the same in every run (Marsaglia's xorshift).
private struct Dice {
  private var state: UInt64

  init(_ number: Int) { state = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func roll() -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33)
  }
}
