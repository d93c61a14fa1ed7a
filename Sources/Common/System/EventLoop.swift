import CLinux
import Glibc
import Synchronization

/// What an event loop calls, on its thread only.
public protocol EventHandler: AnyObject {
  /// A registered descriptor is ready.
  func handle(_ event: Event)
  /// All of one wait, some of which may be the loop's own. A handler that has to enter somewhere does so once.
  func handle(_ events: borrowing ReadyEvents)
  /// An entry of ``EventLoop/timers`` is due.
  func handleTimer(_ token: Token, deadline: Instant)
  /// The server shall stop. Comes once.
  func handleStop()
  /// All that was due in this turn of the loop is done. True: there is more to do, so the loop shall not sleep.
  func finishTurn() -> Bool
}

extension EventHandler {
  public func handle(_ event: Event) {}
  public func handle(_ events: borrowing ReadyEvents) {
    // Those of generation 0 are the loop's own: they have woken it, and that was all.
    for index in 0..<events.count where events[index].token.generation != 0 {
      handle(events[index])
    }
  }
  public func finishTurn() -> Bool { false }
}

/// Chapter 3's loop, as an executor: between two calls of `epoll_wait` it runs the tasks that can go on.
///
/// Swift asks one thing of an executor, ``enqueue(_:)``: "run this piece of a task, soon". A task that prefers this
/// executor, on an actor that lives on it, never leaves the loop's thread: it suspends in an `await`, an event
/// resumes it, and the code behind the `await` is enqueued here. (An actor on this executor alone is not enough:
/// without the preference each resumption goes through the global pool.)
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // Unchecked: everything belongs to the loop's thread, except the inbox, which the mutex guards.
  public let poller: Poller
  /// Shared by all sessions that live here. Its time is that of the loop's last waking up.
  @exclusivity(unchecked) public var space = Workspace()
  @exclusivity(unchecked) public var timers = Timers()
  @exclusivity(unchecked) private var hasStopped = false
  @exclusivity(unchecked) private var events = ReadyEvents()
  @exclusivity(unchecked) private var jobs: [UnownedJob] = []
  /// Its thread, as soon as it has one. Others ask before they know.
  private let thread = Atomic<pthread_t>(0)

  private let stop: StopSignal
  private let doorbell: Descriptor
  private let mutex = PosixMutex()
  /// What other threads want to have run here.
  @exclusivity(unchecked) private var inbox = Inbox()

  private struct Inbox {
    var jobs: [UnownedJob] = []
    var bodies: [@Sendable () -> Void] = []
  }

  public init(_ stop: StopSignal) throws(SystemError) {
    self.stop = stop
    poller = try Poller()
    doorbell = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    for number in [stop.descriptor, doorbell.number] {
      try poller.register(number, token: .loop, interest: .readable)
    }
  }

  public var isStopping: Bool { stop.isRequested }

  /// Run what can run, wait, tell the handler; for ever.
  public func run(_ handler: some EventHandler) -> Never {
    thread.store(pthread_self(), ordering: .relaxed)
    while true {
      takeInbox()
      runJobs()
      let hasMore = handler.finishTurn()
      let deadline = jobs.isEmpty && !hasMore ? timers.earliest : .now
      do { try poller.wait(for: &events, until: deadline) } catch { fatalError("\(error)") }
      space.tick()
      handler.handle(events)
      if !hasStopped && stop.isRequested {
        hasStopped = true
        handler.handleStop()
      }
      while let (deadline, token) = timers.removeDue(at: space.now) {
        handler.handleTimer(token, deadline: deadline)
      }
    }
  }

  private func runJobs() {
    let batch = jobs
    jobs = []
    for job in batch {
      job.runSynchronously(
        isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
  }
}

/// What any thread may call.
extension EventLoop {
  /// Takes a piece of a task.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { jobs.append(job) } else { post { $0.jobs.append(job) } }
  }

  /// Runs `body` on the loop's thread: at once where that is the caller's, otherwise soon.
  public func perform(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { post { $0.bodies.append(body) } }
  }

  public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  /// What `assumeIsolated` asks where no task is running: an event's handler is at home on the loop's thread, too.
  public func isIsolatingCurrentContext() -> Bool? { isCurrent }

  /// The doorbell ends `epoll_wait`, once for all that lies in the inbox.
  private func post(_ add: (inout Inbox) -> Void) {
    let wasEmpty = mutex.withLock {
      defer { add(&inbox) }
      return inbox.jobs.isEmpty && inbox.bodies.isEmpty
    }
    if wasEmpty { _ = eventfd_write(doorbell.number, 1) }
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
