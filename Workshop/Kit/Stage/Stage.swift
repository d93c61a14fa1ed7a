import Glibc

/// Threads that run one at a time, in an order that the check decides.
///
/// **Theory of operation.** Each thread is a real one, but it goes on only when it has the turn,
/// and passes it on at each of the kit's mutexes, condition variables and gates: these are the
/// places where another thread may come between. Who is next is decided by a ``Schedule``, so a run
/// can be repeated, and ``explore(_:stuck:crash:_:)`` goes through the possible orders one after
/// the other. There is no luck in it: a mistake that one order in a thousand brings out is found,
/// the same way each time. When no thread can continue, none ever will, and a deadlock is known at
/// once.
public final class Stage: @unchecked Sendable {
  // Unchecked: only the thread that has the turn touches any of it.
  nonisolated(unsafe) static var current: Stage?

  private var players: [Player] = []
  private(set) var player: Player
  private var schedule: Schedule
  private let ended = Turn()
  let stuck: String
  /// What the learner's threads share: see ``watch(_:)``.
  var watched: [Watched] = []
  /// While the check itself looks at what the threads share.
  var isPeeking = false
  /// A variable that was just touched without the mutex.
  var unguarded: Guard?
  /// How often a thread has come to one of the places where threads change.
  private(set) var moves = 0
  /// The thread that woke up without a signal in this order, if one did.
  private(set) var wokenForNothing: String?

  private init(_ schedule: Schedule, stuck: String) {
    self.schedule = schedule
    self.stuck = stuck
    player = Player("main")
    players = [player]
  }

  /// Plays `body` as the thread `main`, and all threads that it starts, to their end.
  static func play(
    _ schedule: Schedule, stuck: String, _ body: @escaping @Sendable (Stage) -> Void
  ) -> Schedule {
    let stage = Stage(schedule, stuck: stuck)
    current = stage
    stage.start(stage.player) { body(stage) }
    stage.player.turn.give()
    stage.ended.take()
    stage.expectMarks()
    current = nil
    return stage.schedule
  }

  /// Starts a thread.
  public func thread(_ name: String, _ body: @escaping @Sendable () -> Void) {
    thread(name, isOfPool: false, body)
  }

  func thread(_ name: String, isOfPool: Bool, _ body: @escaping @Sendable () -> Void) {
    let new = Player(name, isOfPool: isOfPool)
    players.append(new)
    start(new, body)
    pass()
  }

  private func start(_ player: Player, _ body: @escaping @Sendable () -> Void) {
    startThread { [self] in
      player.thread = pthread_self()
      player.turn.take()
      body()
      unguarded?.failUnguarded()
      player.wait = .ended
      if let next = chooseNext() { next.turn.give() } else { ended.give() }
    }
  }

  /// Waits until no other thread can go on: all have ended or sleep. What holds then holds for
  /// good.
  public func settle() { wait(.settled) }

  /// Waits until all other threads have ended. Where they cannot, it is a deadlock.
  public func join() {
    let me = player
    wait(
      .until("waits for the others to end") {
        self.players.allSatisfy { $0 === me || $0.wait.isEnd }
      })
  }

  /// A line for the order of events, in the name of the thread that runs.
  public func note(_ text: String) { Events.add("\(Pool.taskName ?? player.name): \(text)") }

  /// Whether the thread that runs is one of the ``Pool``'s.
  public var isOnPool: Bool { player.isOfPool }

  /// Blocks the thread that runs until the condition holds, as a system call would.
  /// - Parameter text: where it stands, after its name: "stands in read()".
  public func block(_ text: String, until isThere: @escaping () -> Bool) {
    if isThere() { return }
    note(text)
    wait(.until(text, isThere))
  }

  /// Here another thread may come between.
  func pass() { wait(.nothing) }

  /// The stage knows only threads that it has started: it cannot let another one wait for its turn.
  private func expectOwnThread() {
    guard let thread = player.thread, pthread_equal(thread, pthread_self()) == 0 else { return }
    fail(
      "a thread runs that the check does not know",
      "It was started with Thread, DispatchQueue or pthread_create. The check decides which "
        + "thread runs, and it can do so only "
        + "with threads that are started by stage.thread(…).")
  }

  /// Whether there are threads besides the one that runs.
  var hasOthers: Bool { players.contains { $0 !== player && !$0.wait.isEnd } }

  /// Whether the thread that falls asleep now wakes up at once, without a signal.
  func wakesForNothing() -> Bool {
    if !schedule.wakesForNothing() { return false }
    wokenForNothing = player.name
    note("wakes up, and no thread has sent a signal")
    return true
  }

  /// Which of several tasks a pool's thread takes: mostly the one that has waited longest.
  func choose(among count: Int) -> Int { schedule.choose(among: count, interrupts: true) }

  /// A loop that looks again and again never ends on the stage: no other thread runs meanwhile.
  func countLock(_ name: String) {
    player.locks += 1
    if player.locks > 10_000 { failSpinning("locks \(name) again and again") }
  }

  func failSpinning(_ text: String) -> Never {
    fail(
      "\(player.name) \(text): it spins",
      "A thread that waits by looking again and again uses a whole processor, and it keeps the "
        + "mutex from the thread that "
        + "it waits for. Sleep at a condition instead (`condition.wait(holding: mutex)`), and let "
        + "the thread that brings the "
        + "change wake it.")
  }

  /// The thread that runs gives its turn away until what it waits for is there.
  func wait(_ wait: Player.Wait) {
    unguarded?.failUnguarded()
    expectOwnThread()
    let me = player
    moves += 1
    me.wait = wait
    if let next = chooseNext(), next !== me {
      next.turn.give()
      me.turn.take()
    }
    me.wait = .nothing
  }

  /// A thread that can continue; `nil` when all have ended.
  private func chooseNext() -> Player? {
    if players.allSatisfy(\.wait.isEnd) { return nil }
    var ready = players.filter(\.wait.isOver)
    if ready.isEmpty { ready = players.filter(\.wait.isForSettled) }
    if ready.isEmpty { failStuck() }
    // The one that runs comes first: to continue is the simplest choice, and it interrupts no
    // other.
    let stays = ready.firstIndex { $0 === player }
    if let stays { ready.swapAt(0, stays) }
    player = ready[schedule.choose(among: ready.count, interrupts: stays != nil)]
    return player
  }

  private func failStuck() -> Never {
    fail("all threads wait, and none is left to wake them", stuck, happened: states)
  }

  /// The threads that hold mutexes, with the mutex that each has locked last.
  public var holders: [(thread: String, mutex: String)] {
    players.compactMap { player in player.held.last.map { (player.name, $0.name) } }
  }

  /// Where each thread is, a line for each.
  public var states: String {
    players.filter { !$0.wait.isEnd }.map { "\($0.name) \($0.wait)" }.joined(separator: "\n")
  }
}
