import CLinux
import Glibc
import Synchronization

/// The tasks that other threads leave for a loop: the only part of a loop that they can reach. It
/// is the executor of the actors that live on the loop.
final class Inbox: SerialExecutor {
  typealias Message = @Sendable (inout EventLoop) -> Void

  private let messages = Mutex<[Message]>([])
  /// Becomes readable when a message arrives, which wakes the loop.
  let wakeUp = eventfd(0, Int32(EFD_NONBLOCK))

  /// Leaves a message, from any thread. Messages from one sender are carried out in order.
  func post(_ message: @escaping Message) {
    let isFirst = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    if isFirst { eventfd_write(wakeUp, 1) }
  }

  /// A job is an actor's code up to its next `await`.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    post { [self] _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  func takeAll() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
