import CLinux
import Glibc
import Synchronization

/// The tasks that other threads leave for a shard: its executor.
final class Inbox: SerialExecutor {
  private let messages = Mutex<[@Sendable () -> Void]>([])
  /// The thread that carries out the messages.
  private let thread = Atomic<pthread_t>(0)
  /// Becomes readable when a message arrives, which wakes the loop.
  let wakeUp = eventfd(0, Int32(EFD_NONBLOCK))

  /// Leaves a message, from any thread. Messages from one sender are carried out in order.
  func post(_ message: @escaping @Sendable () -> Void) {
    let isFirst = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    if isFirst { eventfd_write(wakeUp, 1) }
  }

  /// A job is an actor's code up to its next `await`.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    post { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  /// Makes the calling thread the actor's home.
  func moveIn() { thread.store(pthread_self(), ordering: .relaxed) }

  /// Answers `assumeIsolated`: may the calling thread touch what the actor owns?
  func isIsolatingCurrentContext() -> Bool? {
    thread.load(ordering: .relaxed) == pthread_self()
  }

  func takeAll() -> [@Sendable () -> Void] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
