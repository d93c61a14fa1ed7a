import BenchSupport
import Common
import Glibc

/// The samples of a run, in the order in which the requests ended.
///
/// A run may be longer than anybody's memory: from 2^20 samples on it only counts them, in
/// histograms, unless every one was asked for. Then it grows by 2^16 samples at a time; realloc(3)
/// moves blocks of this size by remapping their pages (mremap(2)), so that growing copies nothing.
struct SampleLog: ~Copyable {
  private static let most = 1 << 20
  private static let step = 1 << 16
  private let keepsAll: Bool
  private var storage: UnsafeMutablePointer<Sample>
  private var capacity: Int
  private var count = 0
  private var isFull = false
  /// From the first sample on, if there may be too many.
  private(set) var counted: CountedTimes?

  /// - Parameters:
  ///   - expected: how many there will be at most.
  ///   - counts: whether the times are wanted during the run.
  init(expected: Int, keepsAll: Bool, counts: Bool) {
    self.keepsAll = keepsAll
    capacity = min(max(expected, 1), Self.most)
    // Swift's allocation is malloc(3) for a type of ordinary alignment, which is what realloc(3)
    // asks for.
    storage = .allocate(capacity: capacity)
    if counts || (expected > Self.most && !keepsAll) { counted = CountedTimes() }
  }

  deinit { storage.deallocate() }

  @inline(__always)
  mutating func append(_ sample: Sample) {
    counted?.record(sample)
    if count == capacity && !makeRoom() { return }
    (storage + count).initialize(to: sample)
    count += 1
  }

  /// A copy, for the report; nothing where they are not all there.
  var all: [Sample] {
    isFull ? [] : Array(UnsafeBufferPointer(start: storage, count: count))
  }

  /// The times of all, exact if possible.
  var times: RequestTimes {
    if isFull, let counted { RequestTimes(counted) } else { RequestTimes(all) }
  }

  /// False: it is full.
  @inline(never)
  private mutating func makeRoom() -> Bool {
    isFull = !keepsAll
    if isFull { return false }
    capacity += Self.step
    let size = capacity * MemoryLayout<Sample>.stride
    guard let larger = realloc(storage, size) else {
      exitWithError("bench: out of memory after \(count) requests", status: 1)
    }
    storage = larger.assumingMemoryBound(to: Sample.self)
    return true
  }
}
