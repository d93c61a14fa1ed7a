/// Runs part of a check in which the learner's code is likely to crash. If it does, the failure
/// includes this explanation. (On the stage, ``explore(limit:stuck:crash:_:)`` does the same.)
public func explain(crash: String, _ body: () -> Void) {
  Crash.explanation = crash
  defer { Crash.explanation = "" }
  body()
}
