import Common
import Glibc

/// A load generator with ab's flags and ab's report, honest where ab is not.
@main
struct Bench {
  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments == ["io-gap"] { return announce(try IOGap().report) }
      if arguments.first == "compare" { return try compare(Array(arguments.dropFirst())) }
      if arguments == ["hop"] { return announce(try await ActorHop().report) }
      if arguments.first == "plot" {
        return try PlotCommand(Array(arguments.dropFirst())).perform()
      }
      let options = try readCommandLine(arguments)
      if options.asksForHelp {
        announce(help)
      } else if options.asksForVersion {
        announce(version)
      } else {
        exit(try measure(options).rawValue)
      }
    } catch let error as UnreachableError {
      exitWithError("bench: \(error)", status: ExitCode.unreachable.rawValue)
    } catch let error as UsageError {
      exitWithError("bench: \(error) (try -h)", status: ExitCode.usage.rawValue)
    } catch {
      exitWithError("bench: \(error)", status: ExitCode.failures.rawValue)
    }
  }
}

private func compare(_ paths: [String]) throws {
  announce(try Comparison(paths).lines.joined(separator: "\n"))
}

private func measure(_ options: BenchOptions) throws -> ExitCode {
  switch options.kind {
  case .http: try Run(options).perform()
  case .echo, .broadcast: try WebSocketRun(options).perform()
  }
}

let version = "bench 1.0, the measuring tool of Five Ways to Wait"

let help = """
  \(version)

  usage: bench [options] [http://]HOST[:PORT][/PATH]      requests
         bench [ws] [options] ws://HOST[:PORT]/PATH       WebSocket messages
         bench plot FILE...        pictures of runs, of a tour, of a trace (-o FILE.svg, or -o DIR/)
         bench compare FILE...     the --json of repeated runs: old-1.json old-2.json new-1.json ...
         bench io-gap              what one wait costs, in additions
         bench hop                 what it costs to ask an actor

  \(Flag.help)

  exit status: 0 every request answered with 2xx, every message as expected; 1 some were not; 2 usage;
               3 no connection at all; 99 a threshold of --fail-if was crossed
  """
