/// The kit's names, for use inside a check. The learner's file is compiled into the same module as
/// the check, and a type in it called `Counter` or `Door` would shadow the kit's. Inside a check,
/// these aliases are found first.
extension Checks {
  public typealias BufferedSocket = Kit.BufferedSocket
  public typealias Counter = Kit.Counter
  public typealias Crash = Kit.Crash
  public typealias Door = Kit.Door
  public typealias Events = Kit.Events
  public typealias Gate = Kit.Gate
  public typealias NonBlockingSocket = Kit.NonBlockingSocket
  public typealias Part = Kit.Part
  public typealias ScriptedSocket = Kit.ScriptedSocket
  public typealias Stage = Kit.Stage
  public typealias VirtualClock = Kit.VirtualClock
  public typealias Waiting = Kit.Waiting
}
