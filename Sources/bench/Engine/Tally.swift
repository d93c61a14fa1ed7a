/// Counts every request exactly once, by how it ended, and the bytes.
struct Tally: Sendable {
  /// Requests started. After the run this is the sum of all the outcomes below.
  var started = 0

  /// Answered with 2xx, in full, with the length of the first answer.
  var ok = 0
  /// Answered in full with another status.
  var non2xx = 0
  /// Answered with 2xx, in full, but not with the length of the first answer.
  var lengthDiffers = 0
  /// The server closed before the end of its answer, or before its first byte.
  var truncated = 0
  /// The connection broke: `ECONNRESET`, `EPIPE` and similar errors.
  var reset = 0
  var timedOut = 0
  /// The answer was not HTTP/1.x, or longer than it declared.
  var notHTTP = 0
  /// No connection could be established.
  var unconnected = 0
  /// In flight when the run ended.
  var unfinished = 0

  /// The reason of the first failure.
  private(set) var firstComplaint: String?

  /// How many of `reset` happened while sending.
  var writeErrors = 0
  /// Requests sent again because the server had closed the keep-alive connection in the meantime.
  var retried = 0
  /// Answers after which the connection stayed open.
  var keptAlive = 0

  var bytesReceived = 0
  var bodyBytes = 0
  var bytesSent = 0

  /// Remembers the first complaint and ignores the rest.
  mutating func note(_ complaint: @autoclosure () -> String) {
    if firstComplaint == nil { firstComplaint = complaint() }
  }

  /// Requests that got a complete answer.
  var complete: Int { ok + non2xx + lengthDiffers }

  // ab's four kinds of failure. What ab calls exceptions are the invalid answers here.
  var receiveFailures: Int { truncated + reset }
  var exceptions: Int { timedOut + notHTTP }
  var failed: Int { unconnected + receiveFailures + lengthDiffers + exceptions }
}
