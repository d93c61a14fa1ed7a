/// The part of the `bench ws --broadcast --json` record that the tour needs.
struct WebSocketFile: Decodable {
  struct Connections: Decodable {
    let achieved: Int
  }

  struct Result: Decodable {
    let expected: Int
    let received: Int
    let reach: Double
  }

  /// How long it took until the first, the middle and the last client had a broadcast.
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
