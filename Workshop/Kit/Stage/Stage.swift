import Glibc

/// Threads that run one at a time, in an order that the check decides.
///
/// **Theory of operation.** Each thread is a real one, but it runs only during its turn. It passes
/// the turn on whenever it uses one of the kit's mutexes, condition variables, or gates: these are
/// the points at which another thread may run. A ``Schedule`` decides which thread is next, so a
/// run can be repeated, and ``explore(_:stuck:crash:_:)`` tries the possible orders one after
/// another. Luck plays no part: if a mistake shows up in only one order out of a thousand, the
/// stage finds it, and in the same way every time. If no thread can continue, none ever will, so a
/// deadlock is detected immediately.
public final class Stage: @unchecked Sendable {
  // Unchecked: a thread accesses these only during its turn.
  nonisolated(unsafe) static var current: Stage?

  private var players: [Player] = []
  private(set) var player: Player
  private var schedule: Schedule
  private let ended = Turn()
  let stuck: String
  /// The objects that the learner's threads share; see ``watch(_:)``.
  var watched: [Watched] = []
  /// Whether the check itself is looking at shared variables right now.
  var isPeeking = false
  /// A variable that was just accessed without the mutex.
  var unguarded: Guard?
  /// The number of times that a thread has reached a point at which another thread may run.
  private(set) var moves = 0
  /// The thread that woke up without a signal in this order, if there was one.
  private(set) var wokenForNothing: String?

  private init(_ schedule: Schedule, stuck: String) {
    self.schedule = schedule
    self.stuck = stuck
    player = Player("main")
    players = [player]
  }

  /// Plays `body` as the thread `main`, along with all threads that it starts, until all of them
  /// end.
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

  /// Waits until every other thread sleeps or is done. Nothing changes after that until the check
  /// acts.
  public func settle() { wait(.settled) }

  /// Waits until all other threads end. Fails if they cannot: that is a deadlock.
  public func join() {
    let me = player
    wait(
      .until("waits for the others to end") {
        self.players.allSatisfy { $0 === me || $0.wait.isEnd }
      })
  }

  /// Adds a line to the order of events, under the current thread's name.
  public func note(_ text: String) { Events.add("\(Pool.taskName ?? player.name): \(text)") }

  /// Whether the current thread belongs to the ``Pool``.
  public var isOnPool: Bool { player.isOfPool }

  /// Blocks the current thread until the condition holds, as a system call would.
  /// - Parameter text: what the thread does. Appears after its name: "is blocked in read()".
  public func block(_ text: String, until isThere: @escaping () -> Bool) {
    if isThere() { return }
    note(text)
    wait(.until(text, isThere))
  }

  /// Lets another thread run here.
  func pass() { wait(.nothing) }

  /// Fails if the stage did not start this thread: it could not make the thread wait for its turn.
  private func expectOwnThread() {
    guard let thread = player.thread, pthread_equal(thread, pthread_self()) == 0 else { return }
    fail(
      "the check does not know this thread",
      "The code started it with Thread, DispatchQueue, or pthread_create. The check decides which "
        + "thread runs, and it can only do that with threads that stage.thread(…) started.")
  }

  /// Whether there are threads other than the current one.
  var hasOthers: Bool { players.contains { $0 !== player && !$0.wait.isEnd } }

  /// Whether the thread that falls asleep now wakes up immediately, without a signal.
  func wakesForNothing() -> Bool {
    if !schedule.wakesForNothing() { return false }
    wokenForNothing = player.name
    note("wakes up, although no thread sent a signal")
    return true
  }

  /// Chooses which of several tasks a pool's thread takes: usually the one that has waited longest.
  func choose(among count: Int) -> Int { schedule.choose(among: count, interrupts: true) }

  /// Fails if a loop locks a mutex over and over: on the stage, no other thread runs in the
  /// meantime, so the loop would never end.
  func countLock(_ name: String) {
    player.locks += 1
    if player.locks > 10_000 { failSpinning("locks \(name) again and again") }
  }

  func failSpinning(_ text: String) -> Never {
    fail(
      "\(player.name) \(text): it spins",
      "A thread that waits by checking again and again uses up a whole processor and keeps the "
        + "mutex from the thread that it waits for. Sleep on a condition variable instead "
        + "(`condition.wait(holding: mutex)`), and have the thread that makes the change signal "
        + "it.")
  }

  /// Gives up the turn until the event that the current thread waits for has happened.
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

  /// Chooses a thread that can continue. Returns `nil` if none is left.
  private func chooseNext() -> Player? {
    if players.allSatisfy(\.wait.isEnd) { return nil }
    var ready = players.filter(\.wait.isOver)
    if ready.isEmpty { ready = players.filter(\.wait.isForSettled) }
    if ready.isEmpty { failStuck() }
    // The current thread comes first: letting it continue is the simplest choice and interrupts
    // nothing.
    let stays = ready.firstIndex { $0 === player }
    if let stays { ready.swapAt(0, stays) }
    player = ready[schedule.choose(among: ready.count, interrupts: stays != nil)]
    return player
  }

  private func failStuck() -> Never {
    fail("every thread is waiting, and no thread is left to wake them", stuck, happened: states)
  }

  /// The threads that hold mutexes, each with the mutex that it locked last.
  public var holders: [(thread: String, mutex: String)] {
    players.compactMap { player in player.held.last.map { (player.name, $0.name) } }
  }

  /// A description of what each thread is doing, one thread per line.
  public var states: String {
    players.filter { !$0.wait.isEnd }.map { "\($0.name) \($0.wait)" }.joined(separator: "\n")
  }
}
