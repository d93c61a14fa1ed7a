import Glibc
import Testing

/// A system call that fails on purpose in a server under test: strace(1) tampers with it.
///
///     @Test(FailingCall.needsStrace, arguments: Chapter.allCases)
///     func `…`(chapter: Chapter) throws {
///       let server = try ServerProcess(chapter, failing: [FailingCall("accept4", "EPERM")])
struct FailingCall {
  /// The form that strace takes: `accept4:error=EPERM:when=1`.
  private let expression: String
  private let call: String

  /// - Parameters:
  ///   - call: its name in the kernel: `accept4`, `epoll_ctl`, `clone3` for a new thread.
  ///   - error: the name of an `errno` value; `nil` to delay the call and not fail it.
  ///   - occurrence: which of a thread's calls: `1`, `1..3`, `2+` for the second and all later
  /// ones.
  ///   - delay: how many microseconds to wait before the call is made.
  init(_ call: String, _ error: String?, when occurrence: String = "1", delay: Int? = nil) {
    let effects =
      (error.map { [":error=\($0)"] } ?? []) + (delay.map { [":delay_enter=\($0)"] } ?? [])
    expression = "\(call)\(effects.joined()):when=\(occurrence)"
    self.call = call
  }

  /// The command that starts a program with these failures. The program is our child, as it is
  /// without strace: with `-D`, the tracer is a grandchild, which ends together with the program.
  static func strace(_ failures: [FailingCall]) -> [String] {
    if failures.isEmpty { return [] }
    let calls = Set(failures.map(\.call)).sorted().joined(separator: ",")
    return [executable ?? "strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)"]
      + failures.flatMap { ["-e", "inject=\($0.expression)"] } + ["--"]
  }

  private static let executable: String? = {
    let folders = getenv("PATH").map { String(cString: $0).split(separator: ":") } ?? []
    return folders.map { "\($0)/strace" }.first { access($0, X_OK) == 0 }
  }()

  /// Whether strace is installed and may trace (ptrace(2)): a container may forbid it.
  private static let isPossible: Bool = {
    guard let executable else { return false }
    let arguments = ["-D", "-qq", "-o", "/dev/null", "-e", "trace=getpid", "/bin/true"]
    let child = try? TestedProgram(executable: executable, arguments: arguments)
    return (try? child?.waitForExit().exit) == .status(0)
  }()

  /// For tests that inject failures.
  static var needsStrace: ConditionTrait {
    .enabled("needs strace(1), and permission to trace, to make a system call fail") {
      isPossible
    }
  }
}
