import Tracing
import WireProtocols

/// A request that cannot be answered yet: a part of it is missing, or the driver has something to
/// do first.
final class PendingRequest {
  /// The bytes that are not done with: while its header section is incomplete, all of that; then
  /// the bytes that follow.
  var input: InputBuffer
  var http: HTTPConnection
  /// The answer it gets, once its header section is there.
  var outcome: RouteOutcome?
  /// While it waits for the slow backend.
  private var pause: Trace.Pause?

  init(_ http: HTTPConnection, _ outcome: RouteOutcome?, _ input: consuming InputBuffer) {
    (self.http, self.outcome) = (http, outcome)
    self.input = input
  }

  /// The driver's part, before the answer.
  func takeAction() -> Session.Action? {
    guard http.state == .complete else { return nil }
    switch outcome {
    case .pause(let time):
      outcome = .respond(.hello)
      pause = Trace.pause()
      return .pause(time)
    case .burn(let time):
      outcome = .respond(.hello)
      return .burn(time)
    case .report: return .deliver(.report)
    default: return nil
    }
  }

  func endPause() { pause = nil }
}
