/// Holds threads until it is opened, like a backend that takes as long as the check wants. (Tasks
/// wait at a ``Gate``.)
public final class Door: @unchecked Sendable {
  // Unchecked: a thread accesses it only during its turn.
  private let name: String
  private var isOpen = false

  /// - Parameter name: appears in the order of events.
  public init(_ name: String) { self.name = name }

  /// Waits until the door is open.
  public func pass() { Stage.here.block("waits at \(name)") { self.isOpen } }

  /// Lets all threads through, now and later.
  public func open() {
    isOpen = true
    Stage.here.note("opens \(name)")
    Stage.here.pass()
  }
}
