/// Runs a part of a check in which the learner's code may well crash: where it does, the failure
/// says why. (On the stage, ``explore(limit:stuck:crash:_:)`` does the same.)
public func explain(crash: String, _ body: () -> Void) {
  Crash.explanation = crash
  defer { Crash.explanation = "" }
  body()
}
