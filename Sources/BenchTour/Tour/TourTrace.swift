import BenchSupport
import Common
import FoundationEssentials

/// A short run of one server with `--trace`, for the player on the tour's page: six requests, three
/// at a time. The figures come from other runs, because an event point that is on costs time.
struct TourTrace {
  let plan: TourPlan

  /// The trace as the server wrote it.
  /// - Throws: a ``TourError`` if the server or the load failed; an ``Interruption`` after a signal.
  func record(_ path: String) throws -> String {
    try TourLoad.withTemporaryFile { file in
      let server = try TourServer(path, options: ["--trace", file])
      do {
        let url = "http://\(server.address)/?delay=\(plan.delay)ms"
        let arguments = ["-q", "-r", "-s", "120", "-n", "6", "-c", "3", url]
        _ = try TourLoad(server: server).run(arguments, RunFile.self)
      } catch {
        try? server.stop()
        throw error
      }
      try server.stop()
      return String(decoding: try readFile(file), as: UTF8.self)
    }
  }
}
