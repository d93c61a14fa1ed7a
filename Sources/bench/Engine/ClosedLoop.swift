import Common

/// The load: every client sends its next request when the last one is answered (a closed loop),
/// all of them in one thread around one `epoll_wait`.
///
/// Per kept-alive request it makes one `send` and one `recv`. The sockets are watched edge-triggered and
/// registered once; where more may be waiting than one `recv` took, registering again reports it again.
struct ClosedLoop: ~Copyable {
  let plan: LoadPlan
  let poller: Poller
  let table: ConnectionTable
  let stop: StopSignal
  /// What every `recv` fills: 64 KiB, because what is not a head is only counted.
  let buffer: UnsafeMutableRawBufferPointer

  private var events: ReadyEvents
  var remembered: RememberedHead
  var samples: SampleLog
  var tally = Tally()
  var progress: Progress

  /// The time, as of the last look at the clock, in nanoseconds like all the others.
  var now: UInt64
  let begin: UInt64
  private let end: UInt64
  /// When the oldest request under way may time out.
  private var nextSweep: UInt64
  /// Clients with a request under way.
  var active = 0
  /// No new requests; what is under way stays unfinished.
  var isEnding = false

  /// Which of the server's addresses is in use: the first one that answers.
  var currentAddress = 0
  var hasConnected = false
  /// Why the run ended early, or why it never began.
  var error: SystemError?
  /// How long the run took, in nanoseconds.
  private(set) var duration: UInt64 = 0
  /// Length of the first body, of a 2xx answer if there is one.
  var documentLength: Int?
  var serverSoftware = ""

  /// Throws where the kernel refuses an epoll instance.
  init(_ plan: LoadPlan, stop: StopSignal) throws(SystemError) {
    let poller = try Poller()
    try poller.register(
      stop.descriptor, token: Token(index: .max, generation: 0), interest: .readable)
    self.poller = poller
    self.plan = plan
    self.stop = stop
    table = ConnectionTable(count: plan.concurrency, toHEAD: plan.isHEAD)
    buffer = .allocate(byteCount: 64 * 1024, alignment: 64)
    events = ReadyEvents()
    remembered = RememberedHead(capacity: ConnectionTable.headCapacity)
    samples = SampleLog(expected: plan.requestLimit)
    let begin = Instant.now.nanoseconds
    now = begin
    self.begin = begin
    end = plan.timeLimit.map { begin + $0 } ?? .max
    nextSweep = begin + plan.timeout
    progress = Progress(isOn: plan.showsProgress, begin: begin, limit: plan.requestLimit)
  }

  deinit { buffer.deallocate() }

  /// Runs until all requests are done, the time is over, or somebody wants it to stop.
  mutating func run() throws(SystemError) {
    active = plan.concurrency
    for index in 0..<table.count { startNext(index) }
    while active > 0 && !isEnding {
      let nextChore = min(end, nextSweep, progress.next)
      try poller.wait(for: &events, until: Instant(nanoseconds: nextChore))
      for index in 0..<events.count { handle(events[index]) }
      if events.count == 0 { now = Instant.now.nanoseconds }
      if now >= nextChore { doChores() }
    }
    duration = Instant.now.nanoseconds - begin
    tally.unfinished = active
    progress.clear()
  }

  private mutating func handle(_ event: Event) {
    let index = Int(event.token.index)
    guard index < table.count else {
      isEnding = true
      return
    }
    let connection = table[index]
    // An event may have been queued for a socket that is closed by now.
    guard connection.pointee.generation == event.token.generation else { return }
    switch connection.pointee.phase {
    case .waiting: if event.isReadable { receive(index, event) }
    case .connecting: finishConnecting(index, event)
    case .sending: continueSending(index, event)
    case .retired: break
    }
  }

  private mutating func doChores() {
    noticeEnd()
    if now >= nextSweep && !isEnding { sweep() }
    progress.show(tally, at: now)
  }

  /// Looks whether the time is over or somebody wants the run to stop.
  mutating func noticeEnd() {
    if now >= end || stop.isRequested { isEnding = true }
  }

  /// Gives up requests that take longer than allowed. A request that starts later times out later, so the
  /// next look is due when the oldest of them would.
  private mutating func sweep() {
    nextSweep = now + plan.timeout
    for index in 0..<table.count where table[index].pointee.phase != .retired {
      let deadline = table[index].pointee.start + plan.timeout
      if deadline <= now {
        fail(index, .timedOut)
        startNext(index)
      } else {
        nextSweep = min(nextSweep, deadline)
      }
    }
  }
}
