import Common
import Glibc

/// Thousands of WebSockets: connect all, then send and receive, then close them; one thread, one
/// `epoll_wait`.
///
///     unborn ──▶ connecting ──▶ handshaking ──▶ (joining ──▶) open ──▶ closing ──▶ ended
///
/// What one `recv` returned is checked in its buffer and answered with one `send`.
struct WebSocketLoad: ~Copyable {
  /// Connections that are opened at the same time without `--ramp`: fewer than a backlog holds.
  static let connectingAtOnce = 128
  /// How long the servers may take to answer a close frame, in nanoseconds.
  static let patience: UInt64 = 2_000_000_000

  let plan: WebSocketPlan
  var loop: LoadLoop
  var connector: Connector
  let table: ClientTable<WebSocketClient>
  /// Frames for the client that is being served.
  var output: FrameWriter
  var tally = WebSocketTally()
  var servers = ServerNames()
  var times = WebSocketTimes()
  private var progress: Progress
  private var nextSweep: UInt64

  /// Clients that started connecting, and those of them that are open or failed.
  var born = 0
  var settled = 0
  /// Clients that are open.
  var open = 0
  /// Messages in flight.
  var inFlight = 0
  /// The payload to send: three numbers of eight bytes each, and padding.
  let payload: EchoPayload
  /// With a rate: when messages are due, and which clients can send them.
  var schedule: Schedule?
  var idle: IdleQueue
  var round = BroadcastRound()
  /// Messages that became due while every client was busy, and were never sent.
  private(set) var neverSent = 0
  /// When the last message arrived.
  private(set) var lastMessage: UInt64 = 0
  /// From the first message sent to the end of the time limit or of the load, whichever was first,
  /// in nanoseconds.
  private(set) var elapsed: UInt64 = 0
  /// CPU time of this thread while messages were in flight.
  private(set) var cpuTime: UInt64 = 0

  /// Throws if the kernel refuses an epoll instance.
  init(_ plan: WebSocketPlan, stop: StopSignal) throws(SystemError) {
    self.plan = plan
    loop = try LoadLoop(stop: stop)
    connector = Connector(to: plan.addresses)
    table = ClientTable(count: plan.clients) { _ in WebSocketClient() }
    output = FrameWriter(longestPayload: plan.size)
    payload = EchoPayload(size: plan.size)
    idle = IdleQueue(capacity: plan.clients * plan.inFlight)
    progress = Progress(isOn: plan.showsProgress, begin: loop.begin, limit: plan.limit)
    nextSweep = loop.begin
    tally.wanted = plan.clients
  }

  mutating func run() throws(SystemError) {
    try connectAll()
    if open > 0 && !loop.isEnding {
      loop.start(timeLimit: plan.timeLimit)
      lastMessage = loop.begin
      schedule = plan.rate.map { Schedule(rate: $0, begin: loop.begin, end: loop.end) }
      let cpuBegin = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
      if plan.broadcasts { try runBroadcasts() } else { try runEcho() }
      cpuTime = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpuBegin
      elapsed = min(loop.now, loop.end) - loop.begin
    }
    neverSent = schedule?.overdue(at: min(loop.now, loop.end), limit: plan.limit) ?? 0
    progress.clear()
    try sayGoodbye()
  }

  /// In nanoseconds, from the first message sent to the last one received.
  var duration: UInt64 { lastMessage - min(loop.begin, lastMessage) }

  /// Whether another message may be sent.
  var mayStart: Bool { tally.sent < plan.limit && !loop.isTimeOver && !loop.isEnding }

  /// Waits once, at most until `deadline`, and handles what happened.
  /// - Parameter due: the same, but exact.
  mutating func turn(until deadline: UInt64, due: UInt64 = .max) throws(SystemError) {
    let end = loop.isTimeOver ? .max : loop.end
    try loop.wait(until: min(deadline, end, nextSweep, progress.next), due: due)
    for index in 0..<loop.events.count { handle(loop.events[index]) }
    if loop.now >= nextSweep { sweep() }
    progress.show(tally.received, "messages", failed: tally.failures, at: loop.now)
  }

  mutating func noteMessage() { lastMessage = loop.now }

  private mutating func handle(_ event: Event) {
    let index = Int(event.token.index)
    guard index < table.count else { return loop.noticeStop() }
    let client = table[index]
    guard client.pointee.link.owns(event) else { return }
    switch client.pointee.phase {
    case .connecting: finishConnecting(index, event)
    case .handshaking, .joining, .open, .closing:
      if event.isWritable && !client.pointee.unsent.isEmpty { sendRest(index) }
      if event.isReadable { receive(index, event) }
    case .unborn, .ended: break
    }
  }

  /// Gives up clients that have waited too long.
  private mutating func sweep() {
    nextSweep = loop.now + min(plan.timeout, 1_000_000_000)
    for index in 0..<born {
      let client = table[index]
      let waits =
        switch client.pointee.phase {
        case .connecting, .handshaking, .joining: true
        case .open: client.pointee.inFlight > 0
        case .unborn, .closing, .ended: false
        }
      if waits && client.pointee.since + plan.timeout <= loop.now {
        lose(index, "no answer in time")
      }
    }
  }
}
