import Glibc

extension ChildProcess {
  /// The outcome of a program that ran to its end.
  public struct Outcome: Sendable {
    /// Its standard output and standard error.
    public let output: [UInt8]
    /// What it wrote to the descriptor for its report.
    public let report: [UInt8]
    /// `nil` if it was ended because it was silent for too long.
    public let exit: Exit?
  }

  /// More than this is read and forgotten: a program that prints forever must not fill the memory.
  private static var limit: Int { 1 << 20 }

  /// Starts a program as the leader of a group and waits until it ends. Then the group is ended,
  /// and what its pipes contain is read: a process that outlives the leader keeps them open.
  ///
  /// - Parameters:
  ///   - report: a descriptor of the child that is read separately.
  ///   - silence: how long it may write nothing, by a clock that cannot be set.
  public static func run(
    _ words: [String], environment: [String: String]? = nil, report: Int32 = 3, silence: Duration
  ) throws(ChildProcessError) -> Outcome {
    let pipes = [try OutputPipe(), try OutputPipe()]
    let child = try ChildProcess(
      words, environment: environment,
      descriptors: [
        STDOUT_FILENO: pipes[0].writer, STDERR_FILENO: pipes[0].writer, report: pipes[1].writer,
      ], leadsGroup: true)
    for pipe in pipes { pipe.closeWriter() }
    var texts: [[UInt8]] = [[], []]
    let isInTime = child.listen(to: pipes, &texts, silence)
    child.end()
    let exit = child.wait()
    // A process that left the group may write on and on: so much, and no more.
    for _ in 0..<32 where !take(from: pipes, &texts) { break }
    return Outcome(output: texts[0], report: texts[1], exit: isInTime ? exit : nil)
  }

  /// Reads until the leader ends. Returns false if it was silent for too long before.
  private func listen(to pipes: [OutputPipe], _ texts: inout [[UInt8]], _ silence: Duration) -> Bool
  {
    // A laptop that sleeps does not count as silence.
    let clock = SuspendingClock()
    var last = clock.now
    while !hasEnded {
      if Self.take(from: pipes, &texts) { last = clock.now }
      if clock.now - last > silence { return false }
      var waits = pipes.map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
      // The streams end a moment before the process does.
      let isQuiet = pipes.allSatisfy { !$0.isOpen }
      poll(&waits, nfds_t(waits.count), isQuiet ? 1 : 50)
    }
    return true
  }

  /// Reads what the pipes contain now. Returns false if that was nothing.
  private static func take(from pipes: [OutputPipe], _ texts: inout [[UInt8]]) -> Bool {
    var hasRead = false
    for (index, pipe) in pipes.enumerated() where pipe.isOpen {
      let bytes = pipe.read()
      hasRead = hasRead || !bytes.isEmpty
      texts[index] += bytes.prefix(limit - texts[index].count)
    }
    return hasRead
  }
}
