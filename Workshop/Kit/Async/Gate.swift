/// A place where tasks are held until the check lets them go on: a fake of something slow.
public final class Gate: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private let name: String
  private let stage: Stage
  private var held: [UnsafeContinuation<Void, Never>] = []
  private var isOpen = false

  /// - Parameter name: for the order of events: "the database".
  public init(_ name: String, _ stage: Stage) { (self.name, self.stage) = (name, stage) }

  /// How many tasks stand here.
  public var waiting: Int { held.count }

  /// Suspends the task until the gate opens.
  public func pass() async {
    stage.note("waits for \(name)")
    if !isOpen { await withUnsafeContinuation { held.append($0) } }
    stage.note("goes on after \(name)")
  }

  /// Lets the one go that has waited longest.
  public func openOnce() {
    stage.note("lets one task go on at \(name)")
    if !held.isEmpty { held.removeFirst().resume() }
  }

  /// Lets all tasks go, those that come later as well.
  public func open() {
    stage.note("opens \(name)")
    isOpen = true
    for task in held { task.resume() }
    held = []
  }
}
