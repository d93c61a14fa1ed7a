/// A variable that all threads of a ``Stage`` see, and that nothing protects.
///
/// A change such as `count += 1` reads, adds and writes. On a processor another thread may come in the middle; here it may,
/// too, so that a check sees which lock is missing.
@propertyWrapper
public final class Shared<Value>: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches it.
  private var value: Value

  public init(wrappedValue: Value) { value = wrappedValue }

  public var wrappedValue: Value {
    get { value }
    set {
      Stage.current?.pass()
      value = newValue
    }
  }
}
