import CLinux
import Glibc
import Synchronization

// snippet: executor
/// An actor that lives on an event loop: the loop is its executor, and the loop's thread calls it
/// without an `await`.
public protocol EventHandler: Actor {
  nonisolated var loop: EventLoopExecutor { get }
  /// Handles an event: a registered descriptor is ready.
  func handle(_ event: Event)
  /// Handles an entry of ``EventLoopExecutor/timers`` that is due.
  func handleTimer(_ token: Token, deadline: Instant)
  /// Handles the request to stop. The loop calls this once.
  func handleStop()
  /// Finishes an iteration of the loop, after everything that was due in it. Returns true if there
  /// is more to do, so that the loop does not sleep.
  func finishIteration() -> Bool
}

extension EventHandler {
  /// Returns false, by default: nothing is left to do.
  public func finishIteration() -> Bool { false }

  /// Sends the actor a message, from any thread. The messages of one sender are carried out in
  /// order.
  public nonisolated func post(_ message: @escaping @Sendable (isolated Self) -> Void) {
    loop.execute { self.assumeIsolated(message) }
  }

  /// Computes on one of Swift's own threads, then sends a message. On the loop's thread it would
  /// stop all clients of the loop.
  public nonisolated func burnElsewhere(
    for time: Duration, then message: @escaping @Sendable (isolated Self) -> Void
  ) {
    Task.detached {
      burn(for: time)
      self.post(message)
    }
  }
}

/// Chapter 3's loop as an executor: between two calls of `epoll_wait` it runs the tasks that can
/// continue.
///
/// Swift asks one thing of an executor, ``enqueue(_:)``: "run this piece of a task, soon". A task
/// that prefers this executor, on an actor that lives on it, never leaves the loop's thread: it
/// suspends at an `await`, an event resumes it, and the code after the `await` is enqueued here.
/// (An actor on this executor alone is not enough: without the preference each resumption goes
/// through the global pool.)
public final class EventLoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // Unchecked: only the loop's thread touches the variables, except the inbox, which the mutex
  // guards.
  /// The loop's poller. Register a descriptor with the token that its events should carry.
  public let poller: Poller
  /// The buffers that all sessions on this loop share. Their `now` is the time of the loop's last
  /// wake-up.
  public var buffers = IOBuffers()
  /// The deadlines. For each that passes, the loop calls ``EventHandler/handleTimer(_:deadline:)``.
  public var timers = Timers()
  private var hasStopped = false
  private var events = ReadyEvents()
  private var jobs: [UnownedJob] = []
  /// The jobs of this iteration.
  private var running: [UnownedJob] = []
  /// The loop's thread; zero until there is one. Atomic, because other threads compare themselves
  /// with it.
  private let thread = Atomic<pthread_t>(0)

  private let stop: StopSignal
  private let wakeUp: Descriptor
  private let mutex = PosixMutex()
  private var inbox = Inbox()

  /// Work from other threads.
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var pending: [@Sendable () -> Void] = []
  }

  /// Creates a loop that no thread runs yet.
  /// - Throws: ``SystemError`` if the process has no descriptor left for the loop.
  public init(_ stop: StopSignal) throws(SystemError) {
    self.stop = stop
    poller = try Poller()
    wakeUp = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    for number in [stop.descriptor, wakeUp.number] {
      try poller.register(number, token: .loop, interest: .readable)
    }
  }

  /// Whether a stop was requested.
  public var isStopping: Bool { stop.isRequested }

  /// Runs the loop on the calling thread, forever. The handler is entered once, here: everything
  /// that the loop does afterwards is isolated to it.
  public func run(_ handler: some EventHandler) -> Never {
    thread.store(pthread_self(), ordering: .relaxed)
    handler.assumeIsolated { iterate(for: $0) }
  }

  /// Runs jobs, waits for events, and passes them to the handler, again and again.
  private func iterate(for handler: isolated some EventHandler) -> Never {
    takeInbox()  // Messages that were sent before the start come before all events.
    while true {
      runJobs()
      let hasMore = handler.finishIteration()
      let deadline = jobs.isEmpty && !hasMore ? timers.earliest : buffers.now
      do { try poller.wait(for: &events, until: deadline, now: buffers.now) } catch {
        fatalError("\(error)")
      }
      buffers.tick()
      // The stop comes before the events. One of them may be the listener's, and after a stop no
      // client may be accepted.
      if !hasStopped && stop.isRequested {
        hasStopped = true
        handler.handleStop()
      }
      for index in 0..<events.count {
        let event = events[index]
        if event.token == .loop { takeInbox() } else { handler.handle(event) }
      }
      while let (deadline, token) = timers.removeDue(at: buffers.now) {
        handler.handleTimer(token, deadline: deadline)
      }
    }
  }

  private func runJobs() {
    if jobs.isEmpty { return }
    swap(&jobs, &running)  // Jobs that these enqueue run in the next iteration.
    let (serial, tasks) = (asUnownedSerialExecutor(), asUnownedTaskExecutor())
    for index in running.indices {
      running[index].runSynchronously(isolatedTo: serial, taskExecutor: tasks)
    }
    running.removeAll(keepingCapacity: true)
  }
}

/// Functions that any thread may call.
extension EventLoopExecutor {
  /// Enqueues a piece of a task.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { jobs.append(job) } else { post { $0.jobs.append(job) } }
  }

  /// Runs `body` on the loop's thread: at once if that is the caller's, otherwise soon.
  public func execute(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { post { $0.pending.append(body) } }
  }

  /// Whether the calling thread is the loop's.
  @inline(__always)
  public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  /// Answers `assumeIsolated` if no task is running: an event's handler runs on the loop's thread,
  /// too.
  public func isIsolatingCurrentContext() -> Bool? { isCurrent }

  /// Puts work into the inbox. Only the first piece after the inbox was emptied has to wake the
  /// loop out of `epoll_wait`.
  private func post(_ add: (inout Inbox) -> Void) {
    let wasEmpty = mutex.withLock {
      defer { add(&inbox) }
      return inbox.jobs.isEmpty && inbox.pending.isEmpty
    }
    if wasEmpty { _ = eventfd_write(wakeUp.number, 1) }
  }

  private func takeInbox() {
    let taken = mutex.withLock {
      defer { inbox = Inbox() }
      return inbox
    }
    jobs += taken.jobs
    for body in taken.pending { body() }
  }
}
// snippet: end
