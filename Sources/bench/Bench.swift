import Common
import Glibc

/// A load generator with ab's flags and ab's report, honest where ab is not.
@main
struct Bench {
  static func main() async {
    do {
      try await perform(Array(CommandLine.arguments.dropFirst()))
    } catch let error as UnreachableError {
      exitWithError("bench: \(error)", status: ExitCode.unreachable.rawValue)
    } catch let interruption as Interruption {
      exitWithError("bench: \(interruption)", status: 128 + interruption.signal)
    } catch let error as UsageError {
      exitWithError("bench: \(error) (try -h)", status: ExitCode.usage.rawValue)
    } catch {
      exitWithError("bench: \(error)", status: ExitCode.failures.rawValue)
    }
  }

  /// The first word chooses; anything else makes a load.
  private static func perform(_ arguments: [String]) async throws {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "tour": try tour(rest)
    case "plot": try PlotCommand(rest).perform()
    case "compare": announce(try Comparison(rest).lines.joined(separator: "\n"))
    case "io-gap" where rest.isEmpty: announce(try IOGap().report)
    case "hop" where rest.isEmpty: announce(try await ActorHop().report)
    default: try load(arguments)
    }
  }

  private static func tour(_ arguments: [String]) throws {
    let options = try TourOptions(arguments)
    if options.asksForHelp { return announce(TourOptions.help) }
    exit(try Tour(options).perform().rawValue)
  }

  private static func load(_ arguments: [String]) throws {
    let options = try readCommandLine(arguments)
    if options.asksForHelp { return announce(help) }
    if options.asksForVersion { return announce(version) }
    exit(try measure(options).rawValue)
  }
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
         bench tour [--quick]      all five servers: a table, and a page with pictures (bench tour -h)
         bench compare FILE...     the --json of repeated runs: old-1.json old-2.json new-1.json ...
         bench io-gap              what one wait costs, in additions
         bench hop                 what it costs to ask an actor

  \(Flag.help)

  exit status: 0 every request answered with 2xx, every message as expected; 1 some were not; 2 usage;
               3 no connection at all; 99 a threshold of --fail-if was crossed
  """
