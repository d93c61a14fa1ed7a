import BenchSupport
import Common

/// The load: every client sends its next request when the last one is answered (a closed loop), or,
/// with a rate, when the next one is due (an open loop). All clients share one thread and one
/// `epoll_wait`.
///
/// Each kept-alive request takes one `send` and one `recv`. If more may be waiting than one `recv`
/// took, registering the socket again makes the poller report it again.
struct HTTPLoad: ~Copyable {
  let plan: HTTPPlan
  var loop: LoadLoop
  var connector: Connector
  let table: ClientTable<HTTPClient>
  private let heads: HeadStore

  var remembered: RememberedHead
  var samples: SampleLog
  var tally = Tally()
  private var progress: Progress
  private var live: LiveView

  /// With a rate: when requests are due, and which clients can send them.
  var schedule: Schedule?
  var idle: IdleQueue

  /// When the oldest request in flight may time out.
  private var nextSweep: UInt64
  /// Clients with a request in flight.
  var active = 0

  /// How long the run took, in nanoseconds.
  private(set) var duration: UInt64 = 0
  /// Requests that became due while all clients were busy, and were never sent.
  private(set) var neverSent = 0
  /// Length of the first body; of the first 2xx answer if there is one.
  var documentLength: Int?
  var servers = ServerNames()

  /// Throws if the kernel refuses an epoll instance.
  init(_ plan: HTTPPlan, stop: StopSignal) throws(SystemError) {
    self.plan = plan
    loop = try LoadLoop(stop: stop)
    connector = Connector(to: plan.addresses)
    let heads = HeadStore(count: plan.concurrency)
    table = ClientTable(count: plan.concurrency) { index in
      HTTPClient(parser: ResponseParser(headStore: heads[index], toHEAD: plan.isHEAD))
    }
    self.heads = heads
    remembered = RememberedHead(capacity: HeadStore.headCapacity)
    samples = SampleLog(
      expected: plan.requestLimit, keepsAll: plan.keepsAllSamples, counts: plan.isLive)
    idle = IdleQueue(capacity: plan.concurrency)
    loop.start(timeLimit: plan.timeLimit)
    schedule = plan.rate.map { [begin = loop.begin, end = loop.end] in
      Schedule(rate: $0, begin: begin, end: end)
    }
    nextSweep = loop.begin + plan.timeout
    progress = Progress(isOn: plan.showsProgress, begin: loop.begin, limit: plan.requestLimit)
    live = LiveView(isOn: plan.isLive, begin: loop.begin, limit: plan.requestLimit)
  }

  /// Runs until all requests are done, the time is over, or a signal asks for a stop.
  mutating func run() throws(SystemError) {
    active = plan.concurrency
    for index in 0..<table.count { startNext(index) }
    while (active > 0 || idle.count > 0 && mayStart) && !loop.isEnding {
      let nextChore = min(loop.end, nextSweep, progress.next, live.next)
      let due = idle.count > 0 && mayStart ? schedule?.next ?? .max : .max
      try loop.wait(until: nextChore, due: due)
      for index in 0..<loop.events.count { handle(loop.events[index]) }
      if loop.now >= due { startDue() }
      if loop.now >= nextChore { doChores() }
    }
    loop.lookAtClock()
    duration = loop.now - loop.begin
    tally.unfinished = active
    neverSent = schedule?.overdue(at: min(loop.now, loop.end), limit: plan.requestLimit) ?? 0
    progress.clear()
    live.clear()
  }

  private mutating func handle(_ event: Event) {
    let index = Int(event.token.index)
    guard index < table.count else { return loop.noticeStop() }
    let client = table[index]
    // The event may be for a socket that was closed in the meantime.
    guard client.pointee.link.owns(event) else { return }
    switch client.pointee.phase {
    case .waiting: if event.isReadable { receive(index, event) }
    case .connecting: finishConnecting(index, event)
    case .sending: continueSending(index, event)
    case .idle: if event.isReadable { leaveIdle(index) }
    case .retired: break
    }
  }

  private mutating func doChores() {
    noticeEnd()
    if loop.now >= nextSweep && !loop.isEnding { sweep() }
    progress.show(tally.complete, "requests", failed: tally.failed, at: loop.now)
    live.show(tally, samples.counted?.total, at: loop.now)
  }

  /// Checks whether the time is over or a signal asked for a stop.
  mutating func noticeEnd() {
    loop.noticeStop()
    if loop.isTimeOver { loop.isEnding = true }
  }

  /// Gives up requests that take longer than allowed. A request that starts later times out later,
  /// so the next check is due when the oldest of them would time out.
  private mutating func sweep() {
    nextSweep = loop.now + plan.timeout
    for index in 0..<table.count where table[index].pointee.isBusy {
      let deadline = table[index].pointee.start + plan.timeout
      if deadline <= loop.now {
        fail(index, .timedOut)
        startNext(index)
      } else {
        nextSweep = min(nextSweep, deadline)
      }
    }
  }
}
