import Glibc

/// Ends the check with a failure: the learner's code does not do what the check requires.
///
/// This never returns. It does not throw, because it is also called from below the learner's code,
/// for example from a fake system call, and the learner's code would not pass the error on.
/// - Parameters:
///   - problem: one line that names the mistake.
///   - why: one or two sentences that explain the cause and what follows from it.
public func fail(
  _ problem: String, _ why: String = "", expected: String? = nil, happened: String? = nil
) -> Never {
  // No order without a spurious wake-up failed, so the wake-up is the cause.
  if let player = Stage.current?.wokenForNothing {
    Report.write(
      .failed, "\(player) woke up without a signal and did not check again: \(problem)")
    Report.write(.explanation, Stage.wakesUpForNothing)
  } else {
    Report.write(.failed, problem)
    if !why.isEmpty { Report.write(.explanation, why) }
  }
  if let expected { Report.write(.expected, expected) }
  if let happened { Report.write(.happened, happened) }
  Events.report()
  _exit(1)
}

/// Calls ``fail(_:_:expected:happened:)`` if the condition is false.
public func expect(
  _ condition: Bool, _ problem: @autoclosure () -> String, _ why: @autoclosure () -> String = "",
  expected: @autoclosure () -> String? = nil, happened: @autoclosure () -> String? = nil
) {
  if !condition { fail(problem(), why(), expected: expected(), happened: happened()) }
}

/// Calls ``fail(_:_:expected:happened:)`` if the values differ, and shows both.
public func expect<Value: Equatable>(
  _ value: Value, equals expected: Value, _ problem: @autoclosure () -> String,
  _ why: @autoclosure () -> String = ""
) {
  if value != expected { fail(problem(), why(), expected: show(expected), happened: show(value)) }
}
