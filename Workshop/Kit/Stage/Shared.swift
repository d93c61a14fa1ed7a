/// A variable that all threads of a ``Stage`` see, and that nothing protects.
///
/// A change such as `count += 1` reads, adds and writes. On a processor another thread may come in
/// the middle; here it may, too. And each access asks which mutexes its thread holds: see
/// ``Guard``.
@propertyWrapper
public final class Shared<Value>: @unchecked Sendable, GuardedVariable {
  // Unchecked: only the thread that has the turn touches it.
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
