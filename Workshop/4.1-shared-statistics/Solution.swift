import Kit

/// What the server has done so far. All tasks share one object of it.
actor Statistics {
  private var requests = 0
  private var bytes = 0

  /// A request was answered with so many bytes.
  func served(bytes count: Int) {
    requests += 1
    bytes += count
  }

  func totals() -> Totals { Totals(requests: requests, bytes: bytes) }
}
