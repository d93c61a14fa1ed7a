import Tracing
import WireProtocols

/// A request that cannot be answered yet: a part of it is missing, or the driver has something to do first.
final class PendingRequest {
  /// What has arrived: from the request's first byte on as long as its header section is incomplete, then what
  /// comes behind that.
  var input: InputBuffer
  var parser = RequestParser()
  /// What it comes to, once its header section is there.
  var plan: RouteOutcome?
  /// While the body is on its way.
  var body: BodyParser?
  /// While it waits for the slow backend.
  var pause: Trace.Pause?

  init(_ input: consuming InputBuffer = InputBuffer()) { self.input = input }

  var needsInput: Bool { plan == nil || body != nil }
  /// Whether anything but empty lines has arrived.
  var hasStarted: Bool { parser.hasStarted }

  /// What the driver has to do before the answer.
  func takeAction() -> Session.Action? {
    if needsInput { return nil }
    switch plan {
    case .pause(let time):
      plan = .respond(.hello)
      pause = Trace.pause()
      return .pause(time)
    case .burn(let time):
      plan = .respond(.hello)
      return .burn(time)
    default: return nil
    }
  }
}
