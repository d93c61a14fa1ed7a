import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct TimersTests {
  private static func token(_ index: Int) -> Token { Token(index: UInt32(index), generation: 0) }

  @Test("Entries come out by deadline, whatever the order of insertion, and none is lost")
  func order() {
    var dice = Dice(state: 7)
    for count in [1, 2, 3, 10, 100, 1000] {
      let deadlines = (0..<count).map { _ in Int.random(in: 0..<count, using: &dice) }
      var timers = Timers()
      for (index, deadline) in deadlines.enumerated() {
        timers.insert(Instant(nanoseconds: UInt64(deadline)), Self.token(index))
      }
      #expect(timers.count == count)
      var seen: [Int] = []
      while timers.count > 0 {
        let earliest = timers.earliest
        guard let due = timers.removeDue(at: .distantFuture) else { break }
        #expect(due.deadline == earliest)
        #expect(due.deadline.nanoseconds == UInt64(deadlines[Int(due.token.index)]))
        seen.append(Int(due.token.index))
      }
      #expect(seen.map { deadlines[$0] } == deadlines.sorted())
      #expect(Set(seen).count == count && timers.count == 0)
    }
  }

  @Test("Entries stay in order while others are inserted and removed")
  func interleaved() {
    var dice = Dice(state: 8)
    var timers = Timers()
    var model: [UInt64] = []
    for _ in 0..<2000 {
      if Bool.random(using: &dice) || model.isEmpty {
        let deadline = UInt64.random(in: 0..<100, using: &dice)
        timers.insert(Instant(nanoseconds: deadline), Self.token(0))
        model.append(deadline)
        model.sort()
      } else {
        let due = timers.removeDue(at: .distantFuture)
        #expect(due?.deadline.nanoseconds == model.removeFirst())
      }
    }
  }

  @Test("An entry is due at its deadline, and not before")
  func due() {
    var timers = Timers()
    #expect(timers.earliest == .distantFuture)
    #expect(timers.removeDue(at: .distantFuture) == nil)
    let deadline = Instant(nanoseconds: 10)
    timers.insert(deadline, Self.token(1))
    #expect(timers.removeDue(at: Instant(nanoseconds: 9)) == nil)
    #expect(timers.earliest == deadline)
    #expect(timers.removeDue(at: deadline)?.token == Self.token(1))
    #expect(timers.earliest == .distantFuture)
  }
}

@Suite struct TokenTableTests {
  private final class Owner: Registered {
    let token: Token

    init(_ token: Token = Token(index: 0, generation: 0)) { self.token = token }
  }

  @Test("A token finds its value until the value is removed")
  func lookUp() {
    let table = Slab<Owner>()
    let tokens = [table.makeToken(for: 5), table.makeToken(for: 2)]
    let (first, second) = (Owner(tokens[0]), Owner(tokens[1]))
    #expect(table.isEmpty && table[tokens[0]] == nil)
    table.insert(first)
    table.insert(second)
    #expect(table[tokens[0]] === first && table[tokens[1]] === second)
    #expect(table.count == 2 && table.all.count == 2)
    table.remove(tokens[0])
    #expect(table[tokens[0]] == nil && table[tokens[1]] === second)
    table.remove(tokens[0])
    #expect(table.count == 1, "removed once")
    #expect(table.all.first === second)
  }

  @Test("The token of a descriptor's old owner neither finds nor removes the new owner")
  func reuse() {
    let table = Slab<Owner>()
    let old = table.makeToken(for: 3)
    table.insert(Owner(old))
    table.remove(old)
    let new = table.makeToken(for: 3)
    let owner = Owner(new)
    table.insert(owner)
    table.remove(old)
    #expect(old != new && old.index == 3 && new.index == 3)
    #expect(table[old] == nil && table[new] === owner && table.count == 1)
  }

  @Test("An entry that replaces another is counted once")
  func replace() {
    let table = Slab<Owner>()
    table.insert(Owner(table.makeToken(for: 1)))
    let owner = Owner(table.makeToken(for: 1))
    table.insert(owner)
    #expect(table.count == 1)
    #expect(table.all.first === owner)
  }

  @Test("Generation 0 is never given out, and a number beyond the table finds nothing")
  func edges() {
    let table = Slab<Owner>()
    #expect(table.makeToken(for: 0).generation != 0)
    #expect(table[Token(index: 0, generation: 0)] == nil)
    #expect(table[Token(index: .max, generation: 1)] == nil)
  }
}
