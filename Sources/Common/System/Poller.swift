import CLinux
import Glibc
import Tracing

// snippet: poller
/// Waits for many descriptors at once: epoll(7), with the vocabulary of Rust's mio.
///
/// A descriptor is registered once with a ``Token`` and an ``Interest``; every event carries the
/// token back. Closing the descriptor ends the registration, unless a duplicate of it is still
/// open.
public struct Poller: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Creates an epoll instance that watches nothing.
  /// - Throws: ``SystemError``, `EMFILE` or `ENFILE` if there is no descriptor left for it.
  public init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
  }

  /// Starts watching a descriptor.
  /// - Throws: ``SystemError``, `ENOSPC` or `ENOMEM` if the kernel can watch no more: close the
  ///   descriptor, it would never be heard of.
  public func register(
    _ number: Int32, token: Token, interest: Interest, trigger: Trigger = .edge
  ) throws(SystemError) {
    try control(EPOLL_CTL_ADD, number, token, interest, trigger)
  }

  /// Changes what a watched descriptor is watched for. With an edge trigger this also reports again
  /// what is ready already.
  /// - Throws: ``SystemError``, `ENOMEM`; the old interest holds.
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
  /// - Throws: ``SystemError``; epoll_wait(2) names no reason for a descriptor of ours.
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

/// The name of a registration. A descriptor's number is used again as soon as it is closed; the
/// generation tells an event of the old owner from one of the new.
public struct Token: Hashable, Sendable {
  /// The number of the descriptor.
  public let index: UInt32
  /// Differs between two owners of the same number.
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

/// The events that a descriptor is watched for.
public struct Interest: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Bytes, or the end of the stream, which EPOLLRDHUP tells even if unread bytes come before it.
  public static let readable = Interest(rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
  /// Room for bytes to send.
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

/// A descriptor became ready. Errors and hang-ups count as readable and writable: the next `recv`
/// or `send` reports what really happened.
public struct Event: Sendable {
  /// The token with which the descriptor was registered.
  public let token: Token
  let flags: UInt32

  private func has(_ any: UInt32) -> Bool { flags & any != 0 }

  /// Whether `recv` has something to report: bytes, the end, or an error.
  public var isReadable: Bool {
    has(EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
  }
  /// Whether `send` has something to report: room, or an error.
  public var isWritable: Bool { has(EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) }
  /// The peer sends no more: the end comes after the bytes that have arrived.
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
  /// How many events the last wait found.
  public fileprivate(set) var count = 0

  /// Makes room.
  /// - Parameter capacity: the most events that one wait reports; more are left to the next one.
  public init(capacity: Int = 1024) {
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
    storage.initialize(repeating: epoll_event(), count: capacity)
  }

  deinit { storage.deallocate() }

  /// The event at `index`, which is below ``count``.
  public subscript(_ index: Int) -> Event {
    precondition(index < count)
    return Event(
      token: Token(rawValue: storage[index].data.u64), flags: storage[index].events)
  }
}
