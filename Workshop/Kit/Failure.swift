import Glibc

/// Ends the check here: the learner's code does not do what it must.
///
/// It is a function that never returns, not an error, so that it can be called from below the
/// learner's code, which knows nothing of it: from a fake system call, for example.
/// - Parameters:
///   - problem: one line that names the mistake.
///   - why: one or two sentences that teach: how it comes about, and what follows from it.
public func fail(
  _ problem: String, _ why: String = "", expected: String? = nil, happened: String? = nil
) -> Never {
  // All orders without such a wake-up have gone well: what went wrong comes from it.
  if let player = Stage.current?.wokenForNothing {
    Report.write(
      .failed, "\(player) wakes up without a signal, and does not look again: \(problem)")
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

/// ``fail(_:_:expected:happened:)`` where the condition does not hold.
public func expect(
  _ condition: Bool, _ problem: @autoclosure () -> String, _ why: @autoclosure () -> String = "",
  expected: @autoclosure () -> String? = nil, happened: @autoclosure () -> String? = nil
) {
  if !condition { fail(problem(), why(), expected: expected(), happened: happened()) }
}

/// The same for two values, shown as they are.
public func expect<Value: Equatable>(
  _ value: Value, equals expected: Value, _ problem: @autoclosure () -> String,
  _ why: @autoclosure () -> String = ""
) {
  if value != expected { fail(problem(), why(), expected: show(expected), happened: show(value)) }
}
