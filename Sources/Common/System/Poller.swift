import CLinux
import Glibc
import Tracing

// snippet: poller
/// An epoll(7) instance, which waits for many descriptors at once. The names are those of Rust's
/// mio.
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
  /// - Throws: ``SystemError``, `ENOSPC` or `ENOMEM` if the kernel cannot watch any more: close the
  ///   descriptor, because no event would ever be reported for it.
  public func register(
    _ number: Int32, token: Token, interest: Interest, trigger: Trigger = .edge
  ) throws(SystemError) {
    try control(EPOLL_CTL_ADD, number, token, interest, trigger)
  }

  /// Changes the interest in a watched descriptor. With an edge trigger, whatever is already ready
  /// is reported again.
  /// - Throws: ``SystemError``, `ENOMEM`; the old interest stays in effect.
  public func reregister(
    _ number: Int32, token: Token, interest: Interest, trigger: Trigger = .edge
  ) throws(SystemError) {
    try control(EPOLL_CTL_MOD, number, token, interest, trigger)
  }

  /// Sleeps until something is ready or `deadline` has passed (epoll_wait(2)). A signal ends the
  /// wait early, and the caller waits again. If a `SIGSTOP` held the process for so long that
  /// deadlines have passed, this still reports what became ready in the meantime, so no client
  /// whose bytes have arrived is timed out.
  /// - Parameter now: the current time, if the caller has read the clock already.
  /// - Throws: ``SystemError`` if epoll_wait(2) fails, for which the manual names no reason that
  ///   can occur here.
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

/// The identity of a registration. The kernel reuses a descriptor's number as soon as it is closed;
/// the generation tells an event for the old owner from one for the new one.
public struct Token: Hashable, Sendable {
  /// The number of the descriptor.
  public let index: UInt32
  /// Differs between two owners of the same number.
  public let generation: UInt32

  /// The event loop's own token, for stops and wake-ups. No client has generation 0.
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
  /// Bytes, or the end of the stream, which EPOLLRDHUP reports even while unread bytes come before
  /// it.
  public static let readable = Interest(rawValue: EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
  /// Room for bytes to send.
  public static let writable = Interest(rawValue: EPOLLOUT.rawValue)
}

/// The rule for when a ready descriptor is reported (epoll(7)).
public enum Trigger: String, Sendable, CaseIterable {
  /// Once, when it becomes ready: the reader has to drain it.
  case edge
  /// At every wait, as long as it is ready.
  case level

  var rawValue: UInt32 { self == .edge ? EPOLLET.rawValue : 0 }
}

/// An event: a descriptor became ready. Errors and hang-ups count as readable and writable, because
/// the next `recv` or `send` reports what really happened.
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
  /// Whether the peer has finished sending: the end of the stream comes after the bytes that have
  /// arrived.
  public var isReadClosed: Bool {
    has(EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
  }
  /// Whether the connection is gone, so nothing can be sent either. This is reported whatever the
  /// interest.
  public var isHangUp: Bool { has(EPOLLHUP.rawValue | EPOLLERR.rawValue) }
}

/// The memory that ``Poller/wait(for:until:)`` fills. It is allocated once and used for every wait.
public struct ReadyEvents: ~Copyable, @unchecked Sendable {
  // Unchecked: this value alone owns the memory, and it cannot be copied.
  fileprivate let storage: UnsafeMutablePointer<epoll_event>
  fileprivate let capacity: Int
  /// How many events the last wait found.
  public fileprivate(set) var count = 0

  /// Allocates the memory.
  /// - Parameter capacity: the most events that one wait reports; the others are left for the next
  ///   one.
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
