import CLinux
import Glibc
import Synchronization

/// An actor that lives on an event loop: the loop is its executor, and calls it without an `await`.
public protocol EventHandler: Actor {
  /// A registered descriptor is ready.
  func handle(_ event: Event)
  /// An entry of ``EventLoopExecutor/timers`` is due.
  func handleTimer(_ token: Token, deadline: Instant)
  /// The server shall stop. Comes once.
  func handleStop()
  /// All that was due in this turn of the loop is done. True: there is more to do, so the loop shall not sleep.
  func finishTurn() -> Bool
}

extension EventHandler {
  public func finishTurn() -> Bool { false }
}

/// Chapter 3's loop, as an executor: between two calls of `epoll_wait` it runs the tasks that can go on.
///
/// Swift asks one thing of an executor, ``enqueue(_:)``: "run this piece of a task, soon". A task that prefers this
/// executor, on an actor that lives on it, never leaves the loop's thread: it suspends in an `await`, an event
/// resumes it, and the code behind the `await` is enqueued here. (An actor on this executor alone is not enough:
/// without the preference each resumption goes through the global pool.)
public final class EventLoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // Unchecked: everything belongs to the loop's thread, except the inbox, which the mutex guards.
  public let poller: Poller
  /// Shared by all sessions that live here. Its time is that of the loop's last waking up.
  public var buffers = IOBuffers()
  public var timers = Timers()
  private var hasStopped = false
  private var events = ReadyEvents()
  private var jobs: [UnownedJob] = []
  /// Those that run in this turn.
  private var running: [UnownedJob] = []
  /// Its thread, as soon as it has one. Others ask before they know.
  private let thread = Atomic<pthread_t>(0)

  private let stop: StopSignal
  private let wakeUp: Descriptor
  private let mutex = PosixMutex()
  /// What other threads want to have run here.
  private var inbox = Inbox()

  private struct Inbox {
    var jobs: [UnownedJob] = []
    var bodies: [@Sendable () -> Void] = []
  }

  public init(_ stop: StopSignal) throws(SystemError) {
    self.stop = stop
    poller = try Poller()
    wakeUp = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    for number in [stop.descriptor, wakeUp.number] {
      try poller.register(number, token: .loop, interest: .readable)
    }
  }

  public var isStopping: Bool { stop.isRequested }

  /// Makes the calling thread the loop's, for ever. It enters the handler here, once: from now on it is at home there.
  public func run(_ handler: some EventHandler) -> Never {
    thread.store(pthread_self(), ordering: .relaxed)
    handler.assumeIsolated { turn(for: $0) }
  }

  /// Run what can run, wait, tell the handler; again and again.
  private func turn(for handler: isolated some EventHandler) -> Never {
    takeInbox()  // What lies there already comes before all events.
    while true {
      runJobs()
      let hasMore = handler.finishTurn()
      let deadline = jobs.isEmpty && !hasMore ? timers.earliest : buffers.now
      do { try poller.wait(for: &events, until: deadline, now: buffers.now) } catch {
        fatalError("\(error)")
      }
      buffers.tick()
      for index in 0..<events.count {
        let event = events[index]
        if event.token == .loop { takeInbox() } else { handler.handle(event) }
      }
      if !hasStopped && stop.isRequested {
        hasStopped = true
        handler.handleStop()
      }
      while let (deadline, token) = timers.removeDue(at: buffers.now) {
        handler.handleTimer(token, deadline: deadline)
      }
    }
  }

  private func runJobs() {
    if jobs.isEmpty { return }
    swap(&jobs, &running)  // What they enqueue is for the next turn.
    let (serial, tasks) = (asUnownedSerialExecutor(), asUnownedTaskExecutor())
    for index in running.indices {
      running[index].runSynchronously(isolatedTo: serial, taskExecutor: tasks)
    }
    running.removeAll(keepingCapacity: true)
  }
}

/// What any thread may call.
extension EventLoopExecutor {
  /// Takes a piece of a task.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { jobs.append(job) } else { post { $0.jobs.append(job) } }
  }

  /// Runs `body` on the loop's thread: at once where that is the caller's, otherwise soon.
  public func execute(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { post { $0.bodies.append(body) } }
  }

  @inline(__always)
  public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  /// What `assumeIsolated` asks where no task is running: an event's handler is at home on the loop's thread, too.
  public func isIsolatingCurrentContext() -> Bool? { isCurrent }

  /// The wakeUp ends `epoll_wait`, once for all that lies in the inbox.
  private func post(_ add: (inout Inbox) -> Void) {
    let wasEmpty = mutex.withLock {
      defer { add(&inbox) }
      return inbox.jobs.isEmpty && inbox.bodies.isEmpty
    }
    if wasEmpty { _ = eventfd_write(wakeUp.number, 1) }
  }

  private func takeInbox() {
    let taken = mutex.withLock {
      defer { inbox = Inbox() }
      return inbox
    }
    jobs += taken.jobs
    for body in taken.bodies { body() }
  }
}
