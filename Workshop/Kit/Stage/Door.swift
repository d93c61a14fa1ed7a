/// Threads wait before it until it is opened: a backend that takes as long as the check wants
/// it to. (Tasks wait at a ``Gate``.)
public final class Door: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private let name: String
  private var isOpen = false

  /// - Parameter name: for the order of events.
  public init(_ name: String) { self.name = name }

  /// Waits until it is open.
  public func pass() { Stage.here.block("waits at \(name)") { self.isOpen } }

  /// Everybody may go through, now and later.
  public func open() {
    isOpen = true
    Stage.here.note("opens \(name)")
    Stage.here.pass()
  }
}
