import CLinux
import Glibc
import Synchronization

/// The events of one thread until they are written: a ring that the thread fills and the writer
/// empties.
///
/// `head` counts what was put in, `tail` what was taken out; each side writes its own counter and
/// reads the other's. If the ring is full, an event is dropped and counted, because a server must
/// never wait for a disk.
final class TraceLane: @unchecked Sendable {
  // Unchecked: a slot belongs to the thread until the thread moves `head`, then to the writer until
  // the writer moves `tail`.
  typealias Event = (kind: Trace.Kind, client: UInt32, start: UInt64, end: UInt64)

  /// The number of slots: enough for a busy thread between two visits of the writer.
  private static let capacity = 1 << 14
  private let events = UnsafeMutablePointer<Event>.allocate(capacity: capacity)
  private let head = Atomic(0)
  private let tail = Atomic(0)
  private let lost = Atomic(0)
  /// Whether the thread is gone.
  let isComplete = Atomic(false)

  // Only the thread uses these: the client that it works for (0 for none), when it began to handle
  // what it has read, and when its last event ended.
  var client: UInt32 = 0
  private var handlingSince: UInt64 = 0
  private(set) var lastTime: UInt64 = 0

  deinit { events.deallocate() }

  private static let key = {
    var key = pthread_key_t()
    pthread_key_create(&key) {
      let lane = Unmanaged<TraceLane>.fromOpaque($0!).takeRetainedValue()
      lane.isComplete.store(true, ordering: .releasing)
    }
    return key
  }()

  /// The calling thread's lane (pthread_getspecific(3)), which is created on first use.
  static var current: TraceLane {
    if let lane = pthread_getspecific(key) {
      return Unmanaged<TraceLane>.fromOpaque(lane).takeUnretainedValue()
    }
    let lane = TraceLane()
    pthread_setspecific(key, Unmanaged.passRetained(lane).toOpaque())
    TraceFile.current?.add(lane)
    return lane
  }

  /// Ends the segment in which the thread handled something; returns the time.
  func beginEvent() -> UInt64 {
    let now = monotonicNanoseconds()
    if handlingSince > 0 { put(.handle, handlingSince, now) }
    (handlingSince, lastTime) = (0, now)
    return now
  }

  func endEvent(_ kind: Trace.Kind, since start: UInt64) {
    lastTime = monotonicNanoseconds()
    put(kind, start, lastTime)
  }

  func beginHandling() { handlingSince = beginEvent() }

  func put(_ kind: Trace.Kind, _ start: UInt64, _ end: UInt64) {
    let place = head.load(ordering: .relaxed)
    if place - tail.load(ordering: .acquiring) < Self.capacity {
      (events + place % Self.capacity).initialize(to: (kind, client, start, end))
      head.store(place + 1, ordering: .releasing)
    } else {
      lost.add(1, ordering: .relaxed)
    }
  }

  /// Empties the ring, the oldest event first; returns how many more events were lost.
  func takeAll(_ body: (Event) -> Void) -> Int {
    let end = head.load(ordering: .acquiring)
    for place in tail.load(ordering: .relaxed)..<end { body(events[place % Self.capacity]) }
    tail.store(end, ordering: .releasing)
    return lost.exchange(0, ordering: .relaxed)
  }
}
