import Testing

@testable import Common

/// The deadline heap, on a clock that the test sets.
@Suite struct TimersTests {
  private func instant(_ milliseconds: UInt64) -> Instant {
    Instant(nanoseconds: milliseconds * 1_000_000)
  }

  private func token(_ index: UInt32) -> Token { Token(index: index, generation: 1) }

  @Test func nothingIsDueBeforeItsTime() {
    var timers = Timers()
    timers.insert(instant(100), token(1))
    #expect(timers.removeDue(at: instant(99)) == nil)
    #expect(timers.earliest == instant(100))
    #expect(timers.removeDue(at: instant(100))?.token == token(1))
    #expect(timers.earliest == nil)
  }

  @Test func deadlinesComeOutInOrderHoweverTheyWentIn() {
    var timers = Timers()
    var seed: UInt64 = 42
    var expected: [UInt64] = []
    for index in 0..<1000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let time = seed >> 54
      expected.append(time)
      timers.insert(instant(time), token(UInt32(index)))
    }
    var seen: [UInt64] = []
    while let entry = timers.removeDue(at: .distantFuture) {
      seen.append(entry.deadline.nanoseconds / 1_000_000)
    }
    #expect(seen == expected.sorted())
  }

  @Test func onlyTheStalledPeerIsDueWhileTheOthersMoveOn() {
    var timers = Timers()
    for index in 1...3 { timers.insert(instant(10), token(UInt32(index))) }
    // Two of them were heard of meanwhile; their entry comes up, and goes back in at the new time.
    var expired: [Token] = []
    while let entry = timers.removeDue(at: instant(10)) {
      if entry.token == token(2) {
        expired.append(entry.token)
      } else {
        timers.insert(instant(20), entry.token)
      }
    }
    #expect(expired == [token(2)])
    #expect(timers.count == 2)
    #expect(timers.earliest == instant(20))
  }
}

/// Who an event belongs to.
@Suite struct TokenTableTests {
  private final class Owner {}

  @Test func anEventOfTheOldOwnerDoesNotReachTheNewOneOfTheSameDescriptor() {
    var table = TokenTable<Owner>()
    let (old, new) = (Owner(), Owner())
    let stale = table.makeToken(for: 7)
    table.insert(old, stale)
    table.remove(stale)
    let token = table.makeToken(for: 7)
    table.insert(new, token)
    #expect(stale.index == token.index)
    #expect(table[stale] == nil)
    #expect(table[token] === new)
    table.remove(stale)  // Nor does the old owner's goodbye.
    #expect(table[token] === new)
    #expect(table.count == 1)
  }

  @Test func anUnknownDescriptorFindsNobody() {
    var table = TokenTable<Owner>()
    #expect(table[Token(index: 3, generation: 1)] == nil)
    table.remove(Token(index: 3, generation: 1))
    #expect(table.isEmpty)
  }
}
