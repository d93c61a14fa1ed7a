/// The version of Five Ways to Wait, the newest one in CHANGELOG.md: all its programs have the
/// same.
let version = "2.0.0"

/// The text that a program prints for `--version`.
public func versionLine(of program: String) -> String {
  "\(program) \(version), part of Five Ways to Wait"
}
