/// The version of Five Ways to Wait, which all its programs share: the newest one in CHANGELOG.md.
let version = "2.0.0"

/// Returns the text that a program prints for `--version`.
public func versionLine(of program: String) -> String {
  "\(program) \(version), part of Five Ways to Wait"
}
