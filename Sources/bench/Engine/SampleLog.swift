import Common
import Glibc

/// The samples of a run, in the order in which the requests ended.
///
/// It grows by 2^16 samples (2 MiB) at a time; realloc(3) moves blocks of this size by remapping
/// their pages (mremap(2)), so that growing copies nothing.
struct SampleLog: ~Copyable {
  private static let step = 1 << 16
  private var storage: UnsafeMutablePointer<Sample>
  private var capacity: Int
  private(set) var count = 0

  /// - Parameter expected: room to begin with; more than 2^20 is left to growth.
  init(expected: Int) {
    capacity = min(max(expected, 1), 1 << 20)
    // Swift's allocation is malloc(3) for a type of ordinary alignment, which is what realloc(3) asks for.
    storage = .allocate(capacity: capacity)
  }

  deinit { storage.deallocate() }

  @inline(__always)
  mutating func append(_ sample: Sample) {
    if count == capacity { grow() }
    (storage + count).initialize(to: sample)
    count += 1
  }

  /// A copy, for the report.
  var all: [Sample] { Array(UnsafeBufferPointer(start: storage, count: count)) }

  @inline(never)
  private mutating func grow() {
    capacity += Self.step
    let size = capacity * MemoryLayout<Sample>.stride
    guard let larger = realloc(storage, size) else {
      exitWithError("bench: out of memory after \(count) requests", status: 1)
    }
    storage = larger.assumingMemoryBound(to: Sample.self)
  }
}
