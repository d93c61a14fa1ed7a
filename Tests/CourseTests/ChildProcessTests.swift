import ChildProcesses
import Foundation
import Testing

/// The type with which every tool in this repository starts other programs.
@Suite struct ChildProcessTests {
  private func run(_ script: String, silence: Duration = .seconds(60)) throws
    -> ChildProcess.Outcome
  {
    try ChildProcess.run(["/bin/sh", "-c", script], silence: silence)
  }

  @Test func `output and report are read separately, and the exit status is known`() throws {
    let outcome = try run("echo out; echo err >&2; echo report >&3; exit 3")
    #expect(String(decoding: outcome.output, as: UTF8.self) == "out\nerr\n")
    #expect(String(decoding: outcome.report, as: UTF8.self) == "report\n")
    #expect(outcome.exit == .status(3))
    #expect(try run("kill -TERM $$").exit == .signal(SIGTERM))
  }

  @Test func `when the leader ends, its group is ended, and what is left in the pipe is read`()
    throws
  {
    let writers = try Writers(NSTemporaryDirectory() + "group-\(getpid())")
    let script = "exec 9> '\(writers.path)'; sleep 1000 & echo last"
    let outcome = try run(script)
    #expect(outcome.exit == .status(0) && outcome.output == Array("last\n".utf8))
    #expect(writers.haveEnded, "the sleeping process still runs")
  }

  @Test func `a process that left the group does not keep the runner waiting`() throws {
    // The process holds the pipe open and is not in the group that is ended. The leader waits for
    // its number.
    let script = """
      mkfifo \"$0\"; setsid sh -c 'echo $$ > \"$0\"; exec sleep 1000' \"$0\" &
      read number < \"$0\"; rm \"$0\"; echo $number
      """
    let fifo = NSTemporaryDirectory() + "left-the-group-\(getpid())"
    let outcome = try ChildProcess.run(["/bin/sh", "-c", script, fifo], silence: .seconds(60))
    #expect(outcome.exit == .status(0))
    let child = try #require(
      pid_t(String(decoding: outcome.output, as: UTF8.self).trimmingCharacters(in: .newlines)))
    #expect(kill(child, SIGKILL) == 0)
  }

  @Test func `a program that is silent for too long is ended`() throws {
    #expect(try run("sleep 1000", silence: .milliseconds(200)).exit == nil)
    // It closes its output and keeps running.
    let outcome = try run("exec >&- 2>&- 3>&-; sleep 1000", silence: .milliseconds(200))
    #expect(outcome.exit == nil)
  }

  @Test func `endless output does not fill the memory`() throws {
    let outcome = try run("head -c 5000000 /dev/zero; echo report >&3")
    #expect(outcome.output.count == 1 << 20)
    #expect(outcome.exit == .status(0))
    #expect(!outcome.report.isEmpty)
  }

  @Test func `signals have their default actions, and none is blocked`() throws {
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGUSR1)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let old = signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, old) }
    let output = try run("grep -E 'Sig(Blk|Ign)' /proc/self/status").output
    let text = String(decoding: output, as: UTF8.self)
    let masks = text.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
    // Signals 32 and 33 are the C library's.
    #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0], "\(text)")
  }

  @Test func `a child opens /dev/stdout, and inherits nothing else`() throws {
    let other = open("/dev/null", O_RDONLY)  // Without O_CLOEXEC.
    defer { close(other) }
    let output = try run("echo hello > /dev/stdout; ls /proc/self/fd | tr '\\n' ' '").output
    // 0 to 2, the report, and the folder that ls reads.
    #expect(String(decoding: output, as: UTF8.self) == "hello\n0 1 2 3 4 ")
  }

  @Test func `a program that does not exist is named in the error`() {
    #expect(throws: ChildProcessError.self) { try ChildProcess(["/no/such/program"]) }
  }

  @Test func `a child is ended when its object is destroyed`() throws {
    var child: ChildProcess? = try ChildProcess(["sleep", "1000"], leadsGroup: true)
    let number = try #require(child).identifier
    #expect(child?.hasEnded == false)
    child = nil
    #expect(kill(number, 0) == -1 && errno == ESRCH)
  }

  @Test func `many children at once do not keep each other's pipes open`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...8 {
        group.addTask {
          for _ in 1...20 {
            let pipe = try OutputPipe()
            let child = try ChildProcess(["true"], descriptors: [STDOUT_FILENO: pipe.writer])
            pipe.closeWriter()
            _ = child.wait()
            // A sibling that inherited the writer would keep this from being the end.
            var wait = pollfd(fd: pipe.reader, events: Int16(POLLIN), revents: 0)
            #expect(poll(&wait, 1, 20_000) == 1)
            #expect(pipe.read().isEmpty && !pipe.isOpen)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
