import Foundation

/// What Swift prints about a crash of a check: the functions that had not returned, the innermost
/// first, with their files and lines.
struct Backtrace {
  /// For `SWIFT_BACKTRACE` in the environment: only what is read here, which takes the least time.
  static let options =
    "enable=yes,color=no,threads=crashed,registers=none,images=none,limit=30,sanitize=no"

  /// What the program had printed.
  let before: String
  private let frames: Substring

  init(in output: String) {
    let start = output.firstRange(of: "*** Signal ") ?? output.firstRange(of: "*** Program crashed")
    let printed = output[..<(start?.lowerBound ?? output.endIndex)]
    // Remarks about the backtrace itself, such as that a thread did not stop for it.
    before = printed.split(separator: "\n").filter { !$0.hasPrefix("swift-runtime: ") }
      .joined(separator: "\n")
    frames = output[(start?.lowerBound ?? output.endIndex)...]
  }

  /// The line of the innermost function in this file; `nil` if none of them is in it. Swift shortens
  /// some paths, so only the names are compared.
  func line(in file: URL) -> Int? {
    guard let place = frames.firstRange(of: "/\(file.lastPathComponent):") else { return nil }
    return Int(frames[place.upperBound...].prefix { $0.isNumber })
  }
}
