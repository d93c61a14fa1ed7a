import Common

/// Who waits on a loop, by token: hands the loop's events to the waiters they are for.
final class Waiters: EventHandler, @unchecked Sendable {
  // Unchecked: the table belongs to the loop's thread.
  let loop: EventLoop
  private var table = TokenTable<Waiter>()

  init(_ loop: EventLoop) { self.loop = loop }

  /// Gives a descriptor's events to a waiter. Both interests, once and for all: with an edge trigger that costs nothing.
  func add(_ waiter: Waiter, _ number: Int32) throws(SystemError) {
    waiter.token = table.makeToken(for: number)
    try loop.poller.register(number, token: waiter.token, interest: [.readable, .writable])
    table.insert(waiter, waiter.token)
  }

  func remove(_ waiter: Waiter) { table.remove(waiter.token) }

  func handle(_ event: Event) { table[event.token]?.note(event) }

  func handleTimer(_ token: Token, deadline: Instant) { table[token]?.noteTimer(deadline, loop) }

  func handleStop() { tellAll(.news) }

  /// Tells a waiter something, from any thread.
  func tell(_ token: Token, _ message: Waiter.Message) {
    loop.perform { self.table[token]?.note(message) }
  }

  /// Tells all waiters, from any thread.
  func tellAll(_ message: Waiter.Message) {
    loop.perform { for waiter in self.table.all { waiter.note(message) } }
  }
}
