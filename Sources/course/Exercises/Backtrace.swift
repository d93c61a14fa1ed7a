import Foundation

/// What Swift prints about a crash of a check: the functions that had not returned, the innermost
/// first, with their files and lines.
struct Backtrace {
  /// For `SWIFT_BACKTRACE` in the environment: only what is read here, which takes the least time.
  static let options =
    "enable=yes,color=no,threads=crashed,registers=none,images=none,limit=30,sanitize=no"

  /// What the program had printed.
  let before: Substring
  private let frames: Substring

  init(in output: String) {
    let start = output.firstRange(of: "*** Signal ") ?? output.firstRange(of: "*** Program crashed")
    before = output[..<(start?.lowerBound ?? output.endIndex)]
    frames = output[(start?.lowerBound ?? output.endIndex)...]
  }

  /// The line of the innermost function in this file; `nil` if none of them is in it.
  func line(in file: URL) -> Int? {
    guard let place = frames.firstRange(of: " at \(file.path):") else { return nil }
    return Int(frames[place.upperBound...].prefix { $0.isNumber })
  }
}
