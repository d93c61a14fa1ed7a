/// What a command line asks for.
enum Invocation: Sendable {
  case help
  case version
  case run(BenchOptions)
}
