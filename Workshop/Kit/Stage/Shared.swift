/// An unprotected variable that all threads of a ``Stage`` can access.
///
/// A change such as `count += 1` reads, adds, and writes. On a real processor, another thread may
/// run in the middle of the change, and the stage lets that happen too. Each access also records
/// which mutexes its thread holds; see ``Guard``.
@propertyWrapper
public final class Shared<Value>: @unchecked Sendable, GuardedVariable {
  // Unchecked: a thread accesses it only during its turn.
  private var value: Value
  let guarding = Guard()

  public init(wrappedValue: Value) { value = wrappedValue }

  public var wrappedValue: Value {
    get {
      guarding.note(.read)
      return value
    }
    set {
      guarding.note(.change)
      Stage.current?.pass()
      value = newValue
    }
  }
}

/// A ``Shared`` of any type.
protocol GuardedVariable: AnyObject {
  var guarding: Guard { get }
}
