import Glibc

extension ChildProcess {
  /// The outcome of a program that ended or was killed.
  public struct Outcome: Sendable {
    /// The bytes that it wrote to standard output and standard error.
    public let output: [UInt8]
    /// The bytes that it wrote to the report descriptor.
    public let report: [UInt8]
    /// How it ended; `nil` if it was killed because it was silent for too long.
    public let exit: Exit?
  }

  /// The most bytes that are kept of each stream. The rest is read and discarded: a program that
  /// prints forever must not fill the memory.
  private static var limit: Int { 1 << 20 }

  /// Starts a program as the leader of a process group and waits until it ends. Then kills the rest
  /// of the group, because a process that outlives the leader would keep the pipes open, and reads
  /// what is left in them.
  ///
  /// - Parameters:
  ///   - report: a descriptor of the child that is read separately.
  ///   - silence: how long the program may go without writing anything, by a clock that cannot be
  ///     set.
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
    // A process that left the group may keep writing forever, so this stops after 32 reads.
    for _ in 0..<32 where !take(from: pipes, &texts) { break }
    return Outcome(output: texts[0], report: texts[1], exit: isInTime ? exit : nil)
  }

  /// Reads until the leader ends. Returns false if the program was silent for too long.
  private func listen(to pipes: [OutputPipe], _ texts: inout [[UInt8]], _ silence: Duration) -> Bool
  {
    // The time for which a laptop is asleep does not count as silence.
    let clock = SuspendingClock()
    var last = clock.now
    while !hasEnded {
      if Self.take(from: pipes, &texts) { last = clock.now }
      if clock.now - last > silence { return false }
      var waits = pipes.map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
      // A process closes its streams a moment before it ends, so look again soon.
      let isQuiet = pipes.allSatisfy { !$0.isOpen }
      poll(&waits, nfds_t(waits.count), isQuiet ? 1 : 50)
    }
    return true
  }

  /// Reads what is in the pipes now. Returns false if they were empty.
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
