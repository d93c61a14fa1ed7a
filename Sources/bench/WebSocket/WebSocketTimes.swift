/// All times of a WebSocket load.
struct WebSocketTimes: Sendable {
  /// From the start of connecting to the end of the handshake.
  var connect = Histogram()
  /// With a rate: from when something was due until it was sent.
  var late = Histogram()
  /// Echo: from sending a message to having it back completely.
  var roundTrip = Histogram()
  /// Echo with a rate: from when it was due to having it back completely.
  var response = Histogram()
  /// Broadcast: from sending it until the first has it, half of all have it, the last has it.
  var first = Histogram()
  var median = Histogram()
  var last = Histogram()
}
