import Kit

/// What the server has done so far. All tasks share one object of it.
///
/// What must hold: when `served` has returned, the request is counted; none is lost, however many tasks count at the same
/// time; and the compiler knows why.
struct Statistics: Sendable {
  // Yours to write: an actor, or a final class with a lock inside.

  /// A request was answered with so many bytes.
  func served(bytes: Int) async {
  }

  func totals() async -> Totals {
    Totals(requests: 0, bytes: 0)
  }
}
