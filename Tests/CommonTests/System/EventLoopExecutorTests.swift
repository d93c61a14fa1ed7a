import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// An actor on a loop that records what the loop reports to it.
private actor Recorder: EventHandler {
  let loop: EventLoopExecutor
  nonisolated let notes = Notes()
  init(_ loop: EventLoopExecutor) { self.loop = loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  func handle(_ event: Event) { notes.add("event \(event.token.index)") }
  func handleTimer(_ token: Token, deadline: Instant) { notes.add("timer \(token.index)") }
  func handleStop() { notes.add("stop") }
}

private final class Notes: @unchecked Sendable {
  // Unchecked: the mutex guards the notes.
  private let mutex = PosixMutex()
  private let changed = PosixCondition()
  private var notes: [String] = []

  func add(_ note: String) {
    mutex.withLock { notes.append(note) }
    changed.signal()
  }

  /// Returns the notes once there are this many.
  func wait(for count: Int) -> [String] {
    mutex.withLock {
      while notes.count < count { changed.wait(holding: mutex) }
      return notes
    }
  }
}

/// An actor on a loop.
private actor Resident {
  private let loop: EventLoopExecutor
  init(_ loop: EventLoopExecutor) { self.loop = loop }
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Whether this runs on the loop's thread, before and after a suspension.
  func isAtHome() async -> [Bool] {
    let before = loop.isCurrent
    await Task.yield()
    return [before, loop.isCurrent]
  }
}

/// A loop never ends, so after each test a thread remains that sleeps in epoll_wait(2).
@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  private let stop: StopSignal
  private let loop: EventLoopExecutor
  private let recorder: Recorder

  init() throws {
    stop = try StopSignal()
    loop = try EventLoopExecutor(stop)
    recorder = Recorder(loop)
  }

  private func start() throws {
    try spawnThread(named: "loop") { [loop, recorder] in loop.run(recorder) }
  }

  @Test("What other threads submit runs on the loop's thread, in order")
  func execute() throws {
    loop.execute { [loop, recorder] in recorder.notes.add("early \(loop.isCurrent)") }
    try start()
    for number in 1...100 {
      loop.execute { [loop, recorder] in recorder.notes.add("\(number) \(loop.isCurrent)") }
    }
    #expect(!loop.isCurrent)
    #expect(recorder.notes.wait(for: 101) == ["early true"] + (1...100).map { "\($0) true" })
  }

  @Test("What the loop submits to itself runs at once")
  func performInside() throws {
    loop.execute { [loop, recorder] in
      loop.execute { recorder.notes.add("inner") }
      recorder.notes.add("outer")
    }
    try start()
    #expect(recorder.notes.wait(for: 2) == ["inner", "outer"])
  }

  @Test("A task on the loop resumes there after each suspension")
  func tasks() async throws {
    try start()
    let resident = Resident(loop)
    for _ in 0..<50 {
      let homes = await Task(executorPreference: loop) { await resident.isAtHome() }.value
      #expect(homes == [true, true])
    }
  }

  @Test("The handler gets the events of registered descriptors, and a stop")
  func events() throws {
    let pair = try SocketPair(nonBlocking: true)
    let token = Token(index: 77, generation: 1)
    try loop.poller.register(pair.near.descriptor.number, token: token, interest: .readable)
    try start()
    _ = try pair.far.send("x")
    #expect(recorder.notes.wait(for: 1) == ["event 77"])
    #expect(!loop.isStopping)
    stop.request()
    #expect(recorder.notes.wait(for: 2) == ["event 77", "stop"])
    #expect(loop.isStopping)
  }

  @Test("The handler gets the timers that are due, in order, and no later ones")
  func timers() throws {
    let start = Instant.now
    for (index, milliseconds) in [(1, 2), (2, 0), (3, 1), (4, 1_000_000)] {
      let deadline = start + .milliseconds(milliseconds)
      loop.timers.insert(deadline, Token(index: UInt32(index), generation: 0))
    }
    try self.start()
    #expect(recorder.notes.wait(for: 3) == ["timer 2", "timer 3", "timer 1"])
    #expect(Instant.now >= start + .milliseconds(2))
  }
}
