import CLinux
import Glibc

/// Starts a detached thread (pthread_create(3)).
/// - Parameter name: the name that `ps -L` and /proc show; at most 15 bytes count.
/// - Throws: `EAGAIN` if the process or the machine may have no more threads. Then `body` does not
///   run.
public func spawnThread(
  named name: String, stackSize: Int = 256 * 1024, _ body: sending @escaping () -> Void
) throws(SystemError) {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, stackSize)
  let box = Unmanaged.passRetained(ThreadBody(name: name, run: body))
  var thread = pthread_t()
  let status = pthread_create(&thread, &attributes, runThread, box.toOpaque())
  guard status == 0 else {
    box.release()
    throw SystemError(call: "pthread_create", code: status)
  }
}

private final class ThreadBody {
  let name: String
  let run: () -> Void

  init(name: String, run: @escaping () -> Void) {
    self.name = name
    self.run = run
  }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let body = Unmanaged<ThreadBody>.fromOpaque(argument!).takeRetainedValue()
  pthread_setname_np(pthread_self(), String(body.name.prefix(15)))
  body.run()
  return nil
}
