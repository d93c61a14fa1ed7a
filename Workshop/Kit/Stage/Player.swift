import Glibc

/// A thread on the ``Stage``.
final class Player: @unchecked Sendable {
  // Unchecked: a thread accesses players only during its turn.
  enum Wait: CustomStringConvertible {
    case nothing
    case settled
    case ended
    /// - Parameter text: describes the wait. Appears after the thread's name.
    case until(_ text: String, _ isThere: () -> Bool)

    var isOver: Bool {
      switch self {
      case .nothing: true
      case .settled, .ended: false
      case .until(_, let isThere): isThere()
      }
    }

    var isForSettled: Bool { if case .settled = self { true } else { false } }
    var isEnd: Bool { if case .ended = self { true } else { false } }

    var description: String {
      switch self {
      case .nothing: "runs"
      case .settled: "waits until all others wait"
      case .ended: "is done"
      case .until(let text, _): text
      }
    }
  }

  let name: String
  let isOfPool: Bool
  let turn = Turn()
  var wait = Wait.nothing
  /// The underlying thread, once it runs.
  var thread: pthread_t?
  /// The mutexes that this thread holds.
  var held: [PosixMutex] = []
  /// The number of times that this thread has locked a mutex.
  var locks = 0

  init(_ name: String, isOfPool: Bool = false) { (self.name, self.isOfPool) = (name, isOfPool) }
}

/// Lets one thread continue (sem_post(3)).
final class Turn: @unchecked Sendable {
  // Unchecked: a semaphore is made to be shared; its address never changes.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func give() { sem_post(semaphore) }
  func take() { while sem_wait(semaphore) == -1 {} }
}
