import Tracing

/// Computes for a while, with additions only: the work of a request that never waits.
/// - Returns: the number of additions.
@discardableResult
public func burn(for duration: Duration) -> UInt64 {
  var additions: UInt64 = 0
  Trace.span(.burn) {
    let deadline = Instant.now + duration
    repeat {
      // Reading the clock costs about as much as a hundred additions, so it is done rarely.
      for _ in 0..<10_000 { additions = add(additions, 1) }
    } while Instant.now < deadline
  }
  return additions
}

/// Adds two numbers. It is not inlined, because the optimizer would replace the whole loop by one
/// addition.
@inline(never)
public func add(_ left: UInt64, _ right: UInt64) -> UInt64 { left &+ right }
