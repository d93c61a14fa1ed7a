/// The choices of one run: which thread runs next whenever several could.
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
  /// The number of the sleep that ends without a signal, and the number of sleeps so far.
  private var wakeUp: Int?
  private var sleeps = 0

  /// Creates the first of the orders that interrupt threads at most this many times; see ``next``.
  init(interruptions: Int) { self.interruptions = interruptions }

  /// Creates a random order. The same number always produces the same order.
  init(dice number: Int) {
    interruptions = .max
    dice = Dice(number)
  }

  /// Creates an order that interrupts no thread and in which this sleep ends immediately, without a
  /// signal.
  init(wakeUp: Int) {
    interruptions = 0
    self.wakeUp = wakeUp
  }

  /// Whether the run reached the sleep that ends without a signal.
  var hasWokenUp: Bool { wakeUp.map { $0 < sleeps } ?? false }

  mutating func wakesForNothing() -> Bool {
    defer { sleeps += 1 }
    return wakeUp == sleeps
  }

  /// - Parameter interrupts: whether any choice other than the first stops a thread that could
  ///   continue.
  mutating func choose(among count: Int, interrupts: Bool) -> Int {
    if count == 1 || (interrupts && interrupted == interruptions) { return 0 }
    if let number = dice?.roll() { return interrupts && number % 2 == 0 ? 0 : number / 2 % count }
    if position == choices.count { choices.append(Choice(taken: 0, count: count)) }
    let taken = choices[position].taken
    position += 1
    if interrupts && taken > 0 { interrupted += 1 }
    return taken
  }

  /// The next order to try, or `nil` after the last one. It makes the same choices up to the last
  /// one that had an alternative, and takes the alternative there: a depth-first search.
  var next: Schedule? {
    var next = self
    (next.position, next.interrupted, next.sleeps) = (0, 0, 0)
    while let last = next.choices.popLast() {
      if last.taken + 1 < last.count {
        next.choices.append(Choice(taken: last.taken + 1, count: last.count))
        return next
      }
    }
    return nil
  }
}

/// Pseudorandom numbers, the same in every run (Marsaglia's xorshift).
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
