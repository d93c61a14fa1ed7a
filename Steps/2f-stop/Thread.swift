import Glibc

/// Runs a closure on a new thread. pthread_create(3) takes a C function, which cannot capture
/// anything, and one pointer for it: that pointer carries the closure, in an object.
func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let box = Unmanaged.passRetained(Box(body))
  var thread = pthread_t()
  let status = pthread_create(
    &thread, nil,
    { pointer in
      Unmanaged<Box>.fromOpaque(pointer!).takeRetainedValue().body()
      return nil
    }, box.toOpaque())
  if status != 0 { fatalError("cannot start a thread: \(String(cString: strerror(status)))") }
  return thread
}
