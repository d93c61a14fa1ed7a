import BenchSupport
import Common
import Glibc

/// One chapter's server on a free port, from its start to its end.
final class TourServer {
  let address: String
  private let child: ChildProcess
  /// The greatest usage seen at any time.
  private(set) var peakMemory = 0
  private(set) var threads = 0
  private(set) var descriptors = 0

  /// Returns when it is ready; throws if it does not say so within ten seconds.
  init(_ path: String, options: [String] = []) throws {
    child = try ChildProcess(path, ["--port", "0"] + options)
    do {
      address = try Self.address(saidBy: child)
    } catch {
      try? child.end(grace: .seconds(10))
      throw error
    }
  }

  private static func address(saidBy child: ChildProcess) throws -> String {
    let deadline = Instant.now + .seconds(10)
    while !child.output.contains("\n") {
      try Interruption.check()
      guard child.listen(milliseconds: 50) else {
        throw TourError("it \(child.failure ?? "ended") before it was ready: \(child.output)")
      }
      guard Instant.now < deadline else { throw TourError("it was not ready within 10 s") }
    }
    let line = child.output.split(separator: "\n").first ?? ""
    guard let separator = line.firstRange(of: " listening on http://") else {
      throw TourError("it printed '\(line)' and not where it listens")
    }
    return String(line[separator.upperBound...])
  }

  /// Returns the CPU time so far, in nanoseconds; records what else it uses. Throws if the server
  /// ended.
  @discardableResult
  func sample() throws(TourError) -> UInt64 {
    guard let usage = ProcessUsage(of: child.identifier) else {
      throw TourError("it \(child.failure ?? "ended") during the measurement: \(child.output)")
    }
    peakMemory = max(peakMemory, usage.peakMemory)
    threads = max(threads, usage.threads)
    descriptors = max(descriptors, usage.descriptors)
    return usage.cpuTime
  }

  /// Stops it: it must end with status 0, and its own grace period is five seconds.
  func stop() throws(TourError) {
    try child.end(grace: .seconds(10))
    if let failure = child.failure { throw TourError("it \(failure) when it was stopped") }
  }
}
