import Tracing

/// Computes for a while: additions, and nothing else. The work of a request that waits for nothing.
/// - Returns: how many additions that were.
@discardableResult
public func burn(for duration: Duration) -> UInt64 {
  var additions: UInt64 = 0
  Trace.span(.burn) {
    let deadline = Instant.now + duration
    repeat {
      // Looking at the clock costs about as much as a hundred additions, so it is done rarely.
      for _ in 0..<10_000 { additions = add(additions, 1) }
    } while Instant.now < deadline
  }
  return additions
}

/// One addition, kept from the optimizer, which would otherwise do the whole loop at once.
@inline(never)
public func add(_ left: UInt64, _ right: UInt64) -> UInt64 { left &+ right }
