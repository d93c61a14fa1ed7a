/// What `bench ws --broadcast --json` wrote, as far as the tour needs it.
struct WebSocketFile: Decodable {
  struct Connections: Decodable {
    let achieved: Int
  }

  struct Result: Decodable {
    let expected: Int
    let received: Int
    let reach: Double
  }

  /// Until the first, the middle and the last client had a broadcast.
  struct Times: Decodable {
    let first: Time
    let median: Time
    let last: Time
  }

  struct Time: Decodable {
    let median: UInt64
  }

  let connections: Connections
  let result: Result
  let timesNs: Times
}
