import BenchSupport

/// How a request can fail. One that gets its answer is counted by its status.
enum Failure {
  case unconnected
  case reset
  case unsendable
  case truncated
  case timedOut
  case notHTTP
}

extension Tally {
  mutating func count(_ failure: Failure) {
    switch failure {
    case .unconnected: unconnected += 1
    case .reset: reset += 1
    case .unsendable:
      reset += 1
      writeErrors += 1
    case .truncated: truncated += 1
    case .timedOut: timedOut += 1
    case .notHTTP: notHTTP += 1
    }
  }
}
