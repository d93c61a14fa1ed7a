import Kit

/// Counts what the server has done so far. All tasks share one instance.
actor Statistics {
  private var requests = 0
  private var bytes = 0

  /// Records a request that was answered with this many bytes.
  func served(bytes count: Int) {
    requests += 1
    bytes += count
  }

  func totals() -> Totals { Totals(requests: requests, bytes: bytes) }
}
