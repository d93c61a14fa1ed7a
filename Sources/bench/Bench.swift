import BenchSupport
import BenchTour
import CommandLineOptions
import Common
import Glibc

/// A load generator with ab's options and ab's report that avoids ab's misleading figures.
@main
struct Bench {
  static func main() async {
    prepareStandardStreams()
    do {
      exit(try await perform(Array(CommandLine.arguments.dropFirst())).rawValue)
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

  /// The first word selects the command; anything else runs a load.
  private static func perform(_ arguments: [String]) async throws -> ExitCode {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "tour": return try tour(rest)
    case "plot": try PlotCommand(rest).perform()
    case "compare": try compare(rest)
    case "io-gap", "hop":
      if let argument = rest.first {
        throw UsageError("\(arguments[0]): takes no arguments, got '\(argument)'")
      }
      let report = arguments[0] == "hop" ? try await ActorHop().report : try IOGap().report
      try StandardOutput.show(report)
    default: return try load(arguments)
    }
    return .fine
  }

  private static func tour(_ arguments: [String]) throws -> ExitCode {
    let options = try TourOptions(arguments)
    guard options.asksForHelp else { return try Tour(options).perform() }
    try StandardOutput.show(TourOptions.help)
    return .fine
  }

  private static func compare(_ arguments: [String]) throws {
    let comparison = try Comparison(arguments)
    try StandardOutput.show(
      comparison.asksForHelp ? Comparison.help : comparison.lines.joined(separator: "\n"))
  }

  private static func load(_ arguments: [String]) throws -> ExitCode {
    let options = try BenchOptions(arguments)
    if options.asksForHelp || options.asksForVersion {
      try StandardOutput.show(options.asksForHelp ? help : versionLine(of: "bench"))
      return .fine
    }
    switch options.kind {
    case .http: return try Run(options).perform()
    case .echo, .broadcast: return try WebSocketRun(options).perform()
    }
  }

  private static let help = """
    \(versionLine(of: "bench"))

    usage: bench [options] [http://]HOST[:PORT][/PATH]      requests
           bench [ws] [options] ws://HOST[:PORT]/PATH       WebSocket messages
           bench plot FILE...        pictures of runs, of a tour, of a trace (-o FILE.svg, or -o DIR/)
           bench tour [--quick]      all five servers: a table, and a page with pictures (bench tour -h)
           bench compare FILE...     the --json of repeated runs: old-1.json old-2.json new-1.json ...
           bench io-gap              how many additions fit into one wait
           bench hop                 what a call to an actor costs

    \(BenchOptions.help)

    exit status: 0 every request got 2xx, every message was as expected; 1 some were not, or a
                 report could not be written; 2 usage; 3 no connection at all; 99 a threshold of
                 --fail-if was crossed
    """
}
