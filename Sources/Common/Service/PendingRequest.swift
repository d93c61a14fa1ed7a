import Tracing
import WireProtocols

/// A request that cannot be answered yet: a part of it is missing, or the driver has something to
/// do first.
final class PendingRequest {
  /// The bytes that are still needed: the whole header section while it is incomplete, then the
  /// bytes that follow it.
  var input: InputBuffer
  var http: HTTPConnection
  /// The answer that was chosen, once the header section has arrived.
  var outcome: RouteOutcome?
  /// The trace of its wait for the slow backend.
  private var pause: Trace.Pause?

  init(_ http: HTTPConnection, _ outcome: RouteOutcome?, _ input: consuming InputBuffer) {
    (self.http, self.outcome) = (http, outcome)
    self.input = input
  }

  /// Returns what the driver has to do before the answer; `nil` if that is nothing.
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
