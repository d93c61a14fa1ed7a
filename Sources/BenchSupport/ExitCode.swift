/// The meanings of the exit status.
package enum ExitCode: Int32 {
  /// Every request was answered with 2xx, or was still in flight when the run ended.
  case fine = 0
  /// A request failed or got another status, or no request was answered.
  case failures = 1
  case usage = 2
  /// No connection could be opened.
  case unreachable = 3
  /// A condition of `--fail-if` was true.
  case threshold = 99
}
