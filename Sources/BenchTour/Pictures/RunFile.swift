import FoundationEssentials

/// The part of an HTTP run's `--json` record that pictures and the tour need.
struct RunFile: Decodable {
  struct Accounting: Decodable {
    let sent: Int
    let ok: Int
    let unfinished: Int
  }

  struct Result: Decodable {
    let complete: Int
    let durationNs: Double
    let requestsPerSecond: Double
    let clientIsTheLimit: Bool
  }

  struct Target: Decodable {
    let serverSoftware: String?
    let otherServerSoftware: String?
  }

  let target: Target?
  let concurrency: Int
  let accounting: Accounting
  let result: Result
  private let requestsColumns: [String]
  private let requestsNs: [[UInt64]]

  /// In the order in which they ended.
  var samples: [RequestBar] {
    get throws(PlotError) {
      let places = ["start", "connect", "wait", "total"].compactMap(requestsColumns.firstIndex)
      guard places.count == 4, requestsNs.allSatisfy({ $0.count == requestsColumns.count }) else {
        throw PlotError("its requests are not start, connect, wait and total")
      }
      return requestsNs.map { row in
        RequestBar(
          start: row[places[0]], connect: row[places[1]], wait: row[places[2]],
          total: row[places[3]])
      }
    }
  }
}
