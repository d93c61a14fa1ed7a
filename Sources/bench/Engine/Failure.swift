import BenchSupport

/// The ways in which a request can fail. A request that gets its answer is counted by its status.
enum Failure: String {
  case unconnected = "no connection"
  case reset = "the connection broke"
  case unsendable = "the connection broke while sending"
  case truncated = "closed before the end of the response"
  case timedOut = "no complete response in time"
  case notHTTP = "the response is not HTTP/1.x, or longer than it declares"
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
