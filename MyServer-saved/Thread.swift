import Glibc

/// Runs a closure on a new thread. pthread_create(3) wants a C function, which captures nothing,
/// and a pointer for it: the closure travels in an object to which that pointer points.
func startThread(_ body: @escaping @Sendable () -> Void) {
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
  pthread_detach(thread)
}
