import CLinux
import Common
import Glibc

/// Chapter 3's loop, as an executor: between two calls of `epoll_wait` it runs the tasks that can go on.
///
/// Swift asks one thing of an executor, ``enqueue(_:)``: "run this piece of a task, soon". A task that prefers this
/// executor, on an actor that lives on it, never leaves the loop's thread: it suspends in an `await`, an event
/// resumes it, and the code behind the `await` is enqueued here.
final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  // Unchecked: everything belongs to the loop's thread, except the inbox, which the mutex guards.
  private let poller: Poller
  private var events = ReadyEvents()
  private var waiters = TokenTable<Waiter>()
  private var timers = Timers()
  private var jobs: [UnownedJob] = []
  private var clock = WallClock()
  private(set) var now: Moment
  private var thread: pthread_t?

  private let doorbell: Descriptor
  private let mutex = PosixMutex()
  /// What other threads want to have run here, and the waiters they have something for.
  private var inbox: (jobs: [UnownedJob], calls: [(Token, Call)]) = ([], [])

  private let stop: StopSignal
  private let stopToken: Token

  init(_ stop: StopSignal) throws(SystemError) {
    self.stop = stop
    poller = try Poller()
    doorbell = Descriptor(
      owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) })
    now = clock.now()
    stopToken = waiters.makeToken(for: stop.descriptor)
    try poller.register(stop.descriptor, token: stopToken, interest: .readable)
    try poller.register(
      doorbell.number, token: waiters.makeToken(for: doorbell.number), interest: .readable)
  }

  var isStopping: Bool { stop.isRequested }

  /// Run what can run, wait, wake whom the events and the timers are for; for ever.
  func run() -> Never {
    thread = pthread_self()
    while true {
      takeInbox()
      runJobs()
      let patience = jobs.isEmpty ? timers.earliest.map { $0 - .now } : .zero
      do { try poller.wait(for: &events, timeout: patience) } catch { fatalError("\(error)") }
      now = clock.now()
      for index in 0..<events.count { handle(events[index]) }
      fireTimers()
    }
  }

  /// Takes a piece of a task, from any thread.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { jobs.append(job) } else { post { $0.jobs.append(job) } }
  }

  /// Tells a waiter something, from any thread.
  func call(_ token: Token, _ call: Call) {
    if isCurrent { waiters[token]?.note(call) } else { post { $0.calls.append((token, call)) } }
  }

  private var isCurrent: Bool { thread == pthread_self() }

  /// Another thread puts something into the inbox; the doorbell ends `epoll_wait`, once for all that is in it.
  private func post(_ add: (inout (jobs: [UnownedJob], calls: [(Token, Call)])) -> Void) {
    let wasEmpty = mutex.withLock {
      defer { add(&inbox) }
      return inbox.jobs.isEmpty && inbox.calls.isEmpty
    }
    if wasEmpty { _ = eventfd_write(doorbell.number, 1) }
  }

  private func takeInbox() {
    let (newJobs, calls) = mutex.withLock {
      defer { inbox = ([], []) }
      return inbox
    }
    jobs += newJobs
    for (token, call) in calls { waiters[token]?.note(call) }
  }

  private func runJobs() {
    let batch = jobs
    jobs = []
    for job in batch {
      job.runSynchronously(
        isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
  }

  private func handle(_ event: Event) {
    waiters[event.token]?.note(event)
    if event.token == stopToken { for waiter in waiters.all { waiter.note(.news) } }
  }

  private func fireTimers() {
    while let (deadline, token) = timers.removeDue(at: now.instant) {
      guard let waiter = waiters[token], waiter.timer == deadline else { continue }
      waiter.timer = .distantFuture
      if waiter.deadline > now.instant { setTimer(waiter) } else { waiter.wake(.timedOut) }
    }
  }

  /// Gives a descriptor's events to a waiter. Both interests, once and for all: with an edge trigger that costs nothing.
  func watch(_ number: Int32, _ waiter: Waiter) throws(SystemError) {
    waiter.token = waiters.makeToken(for: number)
    try poller.register(number, token: waiter.token, interest: [.readable, .writable])
    waiters.insert(waiter, waiter.token)
  }

  /// Runs `body`, all of whose waits are at this waiter. If its task is cancelled, the wait ends, and so does every later one.
  func cancellable(_ waiter: Waiter, _ body: () async throws -> Void) async rethrows {
    let token = waiter.token
    try await withTaskCancellationHandler(operation: body) { self.call(token, .cancel) }
  }

  func forget(_ waiter: Waiter) { waiters.remove(waiter.token) }

  /// Wakes the waiter at its deadline, unless something else has by then.
  func setTimer(_ waiter: Waiter) {
    if waiter.deadline < waiter.timer {
      timers.insert(waiter.deadline, waiter.token)
      waiter.timer = waiter.deadline
    }
  }
}
