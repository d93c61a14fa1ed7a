import CLinux
import Glibc
import Tracing

// snippet: poller
/// Waits for many descriptors at once: epoll(7), with the vocabulary of Rust's mio.
///
/// A descriptor is registered once with a ``Token`` and an ``Interest``; every event carries the
/// token back. Closing the descriptor ends the registration, unless a duplicate of it is still open.
public struct Poller: ~Copyable, Sendable {
  private let descriptor: Descriptor

  public init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
  }

  /// Starts watching a descriptor.
  public func register(
    _ number: Int32, token: Token, interest: Interest, trigger: Trigger = .edge
  ) throws(SystemError) {
    try control(EPOLL_CTL_ADD, number, token, interest, trigger)
  }

  /// Changes what a watched descriptor is watched for. With an edge trigger this also reports again
  /// what is ready already.
  public func reregister(
    _ number: Int32, token: Token, interest: Interest, trigger: Trigger = .edge
  ) throws(SystemError) {
    try control(EPOLL_CTL_MOD, number, token, interest, trigger)
  }

  /// Sleeps until something is ready or `deadline` is over (epoll_wait(2)). A signal ends the wait
  /// like a deadline does: the caller looks at its clock and comes back. But what became ready
  /// while a `SIGSTOP` held the process is reported first: no client whose bytes have arrived is
  /// told that its time is over.
  /// - Parameter now: the time, if the caller has looked at the clock already.
  public func wait(
    for events: inout ReadyEvents, until deadline: Instant = .distantFuture, now: Instant = .now
  ) throws(SystemError) {
    let capacity = Int32(events.capacity)
    var count = Trace.span(.wait, descriptor.number) {
      epoll_wait(descriptor.number, events.storage, capacity, deadline.timeout(from: now))
    }
    if count == -1 && errno == EINTR {
      count = epoll_wait(descriptor.number, events.storage, capacity, 0)
    }
    if count == -1 && errno != EINTR { throw SystemError(call: "epoll_wait") }
    events.count = Int(max(0, count))
  }

  private func control(
    _ operation: Int32, _ number: Int32, _ token: Token, _ interest: Interest, _ trigger: Trigger
  ) throws(SystemError) {
    var event = epoll_event()
    event.events = interest.rawValue | trigger.rawValue
    event.data.u64 = token.rawValue
    try check("epoll_ctl") { epoll_ctl(descriptor.number, operation, number, &event) }
  }
}
// snippet: end

/// Names a registration. A descriptor's number is used again as soon as it is closed; the
/// generation tells an event of the old owner from one of the new.
public struct Token: Hashable, Sendable {
  public let index: UInt32
  public let generation: UInt32

  /// The event loop's own: it is told to stop, or woken. No client has generation 0.
  public static let loop = Token(index: .max, generation: 0)

  public init(index: UInt32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }

  init(rawValue: UInt64) {
    self.init(
      index: UInt32(truncatingIfNeeded: rawValue),
      generation: UInt32(truncatingIfNeeded: rawValue >> 32))
  }

  var rawValue: UInt64 { UInt64(generation) << 32 | UInt64(index) }
}

/// What a descriptor is watched for.
public struct Interest: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Bytes, or the end of the stream, which EPOLLRDHUP tells even behind unread bytes.
  public static let readable = Interest(rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
  public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
}

/// When a ready descriptor is reported (epoll(7)).
public enum Trigger: String, Sendable, CaseIterable {
  /// Once, when it becomes ready: the reader has to drain it.
  case edge
  /// Every time, as long as it is ready.
  case level

  var rawValue: UInt32 { self == .edge ? EPOLLET.rawValue : 0 }
}

/// Something became ready. Errors and hang-ups count as readable and writable: the next `recv` or
/// `send` reports what really happened.
public struct Event: Sendable {
  public let token: Token
  let flags: UInt32

  private func has(_ any: UInt32) -> Bool { flags & any != 0 }

  public var isReadable: Bool {
    has(EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
  }
  public var isWritable: Bool { has(EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) }
  /// The peer sends no more: behind the bytes that are there comes the end.
  public var isReadClosed: Bool {
    has(EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
  }
  /// Nothing can be sent any more either: the connection is gone. This is reported whatever the
  /// interest.
  public var isHangUp: Bool { has(EPOLLHUP.rawValue | EPOLLERR.rawValue) }
}

/// The room that ``Poller/wait(for:until:)`` fills: allocated once, used for every wait.
public struct ReadyEvents: ~Copyable, @unchecked Sendable {
  // Unchecked: this value alone owns the memory, and it cannot be copied.
  fileprivate let storage: UnsafeMutablePointer<epoll_event>
  fileprivate let capacity: Int
  public fileprivate(set) var count = 0

  public init(capacity: Int = 1024) {
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
    storage.initialize(repeating: epoll_event(), count: capacity)
  }

  deinit { storage.deallocate() }

  public subscript(_ index: Int) -> Event {
    precondition(index < count)
    return Event(
      token: Token(rawValue: storage[index].data.u64), flags: storage[index].events)
  }
}
