/// What the exit status says.
package enum ExitCode: Int32 {
  /// Every request was answered with 2xx, or was still under way when the run was ended.
  case fine = 0
  /// A request failed, or was answered with another status, or none was answered.
  case failures = 1
  case usage = 2
  /// There was never a connection.
  case unreachable = 3
  /// A condition of `--fail-if` came true.
  case threshold = 99
}
