/// Counts the outcomes of connections and messages.
struct WebSocketTally: Sendable {
  /// Connections asked for, and those that became WebSockets.
  var wanted = 0
  var achieved = 0
  /// Never became a WebSocket.
  var failed = 0
  /// WebSockets that ended before the load did.
  var lost = 0
  /// How lost connections ended: the code of the server's close frame, 1006 if there was none.
  var closeCodes: [UInt16: Int] = [:]
  /// The first thing that went wrong with a connection.
  var firstComplaint: String?

  /// Messages sent: echoes asked for, or broadcasts.
  var sent = 0
  /// Messages that should have arrived: one for each echo, one for each client and broadcast.
  var expected = 0
  /// How many of these arrived: each counts once, and only if it is what was expected.
  var received = 0
  var duplicates = 0
  /// Messages that arrived too early or too late: after a later one, or when their broadcast had
  /// been given up.
  var outOfOrder = 0
  /// Messages that arrived instead of an expected one, and were different.
  var mismatched = 0
  /// Messages that were expected and still in flight when the user ended the run.
  var unfinished = 0

  var bytesReceived = 0
  var bytesSent = 0

  var missing: Int { max(0, expected - received - mismatched - unfinished) }
  var failedMessages: Int { missing + duplicates + outOfOrder + mismatched }
  var failures: Int { failedMessages + failed + lost }
  /// Received ÷ expected.
  var reach: Double {
    expected == unfinished ? 0 : Double(received) / Double(expected - unfinished)
  }
}
