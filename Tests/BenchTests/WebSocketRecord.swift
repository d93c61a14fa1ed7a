import Foundation

/// The part of the `--json` record of a WebSocket load that the tests look at.
struct WebSocketRecord: Decodable {
  struct Connections: Decodable, Equatable {
    var wanted = 1
    var achieved = 1
    var failed = 0
    var lost = 0
    var closeCodes: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
      case wanted, achieved, failed, lost
      case closeCodes = "close_codes"
    }
  }

  struct Result: Decodable, Equatable {
    var expected = 0
    var received = 0
    var missing = 0
    var duplicates = 0
    var outOfOrder = 0
    var mismatched = 0

    enum CodingKeys: String, CodingKey {
      case expected, received, missing, duplicates, mismatched
      case outOfOrder = "out_of_order"
    }
  }

  let kind: String
  let connections: Connections
  let result: Result
  let times: [String: [String: Double]]

  enum CodingKeys: String, CodingKey {
    case kind, connections, result
    case times = "times_ns"
  }
}
