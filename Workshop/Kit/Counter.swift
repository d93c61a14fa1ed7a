import Synchronization

/// A number that several threads can add to.
public final class Counter: Sendable {
  private let number = Atomic(0)

  public init() {}

  public var value: Int { number.load(ordering: .sequentiallyConsistent) }
  public func add(_ amount: Int = 1) { number.add(amount, ordering: .sequentiallyConsistent) }
}
