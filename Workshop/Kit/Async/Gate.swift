/// A place where tasks are suspended until the check lets them continue. Stands in for something
/// slow, such as a backend.
public final class Gate: @unchecked Sendable {
  // Unchecked: a thread accesses it only during its turn.
  private let name: String
  private let stage: Stage
  private var held: [UnsafeContinuation<Void, Never>] = []
  private var isOpen = false

  /// - Parameter name: appears in the order of events, for example "the database".
  public init(_ name: String, _ stage: Stage) { (self.name, self.stage) = (name, stage) }

  /// The number of tasks that are waiting here.
  public var waiting: Int { held.count }

  /// Suspends the task until the gate opens.
  public func pass() async {
    stage.note("waits for \(name)")
    if !isOpen { await withUnsafeContinuation { held.append($0) } }
    stage.note("continues after \(name)")
  }

  /// Lets the task that has waited longest continue.
  public func openOnce() {
    stage.note("lets one task continue past \(name)")
    if !held.isEmpty { held.removeFirst().resume() }
  }

  /// Lets all tasks continue, including those that arrive later.
  public func open() {
    stage.note("opens \(name)")
    isOpen = true
    for task in held { task.resume() }
    held = []
  }
}
